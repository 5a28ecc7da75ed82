package dev.whatif.core.recording;

/**
 * Where a sampled thread was.
 *
 * <p>In the recording it is the type of the leaf frame. The field {@code state} is always
 * STATE_DEFAULT, which means "on a CPU" to {@code jfrconv --cpu}: every other name would drop out
 * there, and a field of its own would make the event unreadable to it.
 */
public enum SampleState {
  /** Running in user mode. */
  USER,
  /** Running in the kernel, on behalf of the thread. */
  KERNEL;

  static final int POOL_ID = 1;
  static final String POOL_NAME = "STATE_DEFAULT";
}
