package dev.whatif.core.process;

/** What a stopped thread has to do with the kernel. */
public enum SyscallState {
  /** It was stopped in its own code, or at the first instruction of a signal handler. */
  NOT_IN_SYSCALL,
  /** Its call is over and has its result; it was on its way back. */
  FINISHED,
  /** It was interrupted; the kernel issues the call again when the thread goes on. */
  RESTARTED_BY_KERNEL,
  /** It was interrupted; the kernel goes on with what is left of its time ({@code nanosleep}). */
  RESTART_BLOCK,
  /**
   * It would return EINTR because it was stopped; the tracer issues it again when it lets it go.
   */
  INTERRUPTED,
  /**
   * It returns EINTR, and rightly so: a signal is waiting for it, or the call must not be issued
   * again.
   */
  FAILED_INTERRUPTED
}
