package dev.whatif.core.process;

/** What a stopped thread has to do with the kernel. */
public enum SyscallState {
  /** It was stopped in its own code, or at the first instruction of a signal handler. */
  NOT_IN_SYSCALL,
  /** Its call is over and has its result; it was on its way back. */
  FINISHED,
  /**
   * It was interrupted by the stop; the kernel issues the call again when the thread goes on,
   * unless a signal handler runs first: then the call fails with EINTR, as it would without us.
   */
  RESTARTED_BY_KERNEL,
  /** It was interrupted; the kernel goes on with what is left of its time ({@code nanosleep}). */
  RESTART_BLOCK,
  /**
   * It would have failed with EINTR because of the stop; now it is as RESTARTED_BY_KERNEL, except
   * that a relative timeout begins anew.
   */
  INTERRUPTED,
  /** It fails with EINTR: because of a signal, or in a call that must not be issued again. */
  FAILED_INTERRUPTED
}
