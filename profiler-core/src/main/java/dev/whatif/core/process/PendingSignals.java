package dev.whatif.core.process;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.linux.Ptrace;

/**
 * Whether a signal is waiting for a stopped thread that one of the program's handlers will take.
 */
final class PendingSignals {

  private PendingSignals() {}

  /**
   * Asks. Ignored signals do not count: the kernel queues them for a traced thread only because its
   * tracer may want to see them (kernel/signal.c, sig_ignored), and so they interrupt calls that
   * they would not interrupt otherwise.
   */
  static boolean any(int pid, StoppedThread thread) {
    try {
      int tid = thread.tid();
      boolean own = thread.tracee().ask(() -> Ptrace.hasQueuedSignal(tid, false));
      boolean shared = thread.tracee().ask(() -> Ptrace.hasQueuedSignal(tid, true));
      if (!own && !shared) {
        return false;
      }
      return TaskStatus.of(pid, tid)
          .filter(s -> (s.deliverable("SigPnd") | s.deliverable("ShdPnd")) != 0)
          .isPresent();
    } catch (TargetLostException e) {
      return false;
    }
  }
}
