package dev.whatif.core.capability;

import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfEventAttr;
import dev.whatif.core.linux.Unistd;
import java.lang.foreign.Arena;

/**
 * What {@code perf_event_open} says when it is asked for a counter that stays switched off.
 *
 * @param ownUser "" when a task-clock counter on this thread, without kernel, opened; else why not
 * @param ownKernel the same with kernel samples
 * @param hardware the same for a hardware cycle counter
 */
record PerfEventTrial(String ownUser, String ownKernel, String hardware) {

  private static final int THIS_THREAD = 0;
  private static final int EVERY_CPU = -1;
  private static final int PERF_TYPE_HARDWARE = 0;
  private static final long PERF_COUNT_HW_CPU_CYCLES = 0;

  static PerfEventTrial ofThisMachine() {
    int software = PerfEvent.PERF_TYPE_SOFTWARE;
    long taskClock = PerfEvent.PERF_COUNT_SW_TASK_CLOCK;
    return new PerfEventTrial(
        open(software, taskClock, false, THIS_THREAD),
        open(software, taskClock, true, THIS_THREAD),
        open(PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, false, THIS_THREAD));
  }

  /** "" when a task-clock counter on another process opens without kernel; else why not. */
  static String onProcess(int pid) {
    return open(PerfEvent.PERF_TYPE_SOFTWARE, PerfEvent.PERF_COUNT_SW_TASK_CLOCK, false, pid);
  }

  private static String open(int type, long config, boolean kernel, int thread) {
    try (Arena arena = Arena.ofConfined()) {
      PerfEventAttr attr =
          new PerfEventAttr(arena)
              .event(type, config)
              .samplePeriod(1_000_000)
              .with(PerfEventAttr.Flag.DISABLED, PerfEventAttr.Flag.EXCLUDE_HV)
              .with(PerfEventAttr.Flag.EXCLUDE_KERNEL, !kernel);
      Unistd.close(PerfEvent.open(attr, thread, EVERY_CPU));
      return "";
    } catch (LinuxException e) {
      return e.errno().text();
    }
  }
}
