package dev.whatif.core.capability;

/**
 * What {@code perf_event_open} says when it is asked.
 *
 * @param ownUser "" when a task-clock counter on this process, without kernel, opened; else why not
 * @param ownKernel the same with kernel samples
 * @param hardware the same for a hardware cycle counter
 */
record PerfEventTrial(String ownUser, String ownKernel, String hardware) {

  static PerfEventTrial ofThisMachine() {
    return new PerfEventTrial("", "", "");
  }
}
