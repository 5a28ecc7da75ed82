package dev.whatif.core.recording;

/**
 * Where a sampled thread was.
 *
 * <p>In the recording it is the field {@code inKernel} of {@code jdk.ExecutionSample}. The standard
 * field {@code state} is always STATE_DEFAULT, which means "on a CPU" to {@code jfrconv --cpu};
 * every other name would drop out there.
 */
public enum SampleState {
  /** Running in user mode. */
  USER,
  /** Running in the kernel, on behalf of the thread. */
  KERNEL;

  static final int POOL_ID = 1;
  static final String POOL_NAME = "STATE_DEFAULT";
}
