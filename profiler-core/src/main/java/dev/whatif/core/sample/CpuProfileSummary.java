package dev.whatif.core.sample;

/**
 * What a CPU profile has seen, and what it has not.
 *
 * @param samples written to the recording
 * @param kernelSamples of these in the kernel
 * @param lost that did not fit into a ring, and those of the time in which the kernel throttled
 * @param throttled of the lost ones: while the kernel held the timers back
 * @param missed that the task clock's count says there should have been and the kernel never made:
 *     timer ticks that came late and were merged, and the rest of a period when a thread ended
 * @param unseenKernel the same where kernel samples are not permitted: then they are the time in
 *     the kernel, and missed is 0 because the two cannot be told apart
 * @param outOfOrder samples that came after younger ones; written all the same
 * @param targetCpuNanos CPU time of the target while it was watched, by the task clock's count
 * @param periodNanos CPU time that one sample stands for
 * @param truncated samples whose stack is known to go on beyond its last frame
 * @param kernelPermitted whether samples in the kernel are in the recording
 * @param drainCpuNanos CPU time of the thread that empties the rings and unwinds
 * @param writeCpuNanos CPU time of the thread that symbolises and writes
 * @param ownCpuNanos CPU time of this whole process meanwhile
 * @param wallNanos from start to stop
 */
public record CpuProfileSummary(
    long samples,
    long kernelSamples,
    long lost,
    long throttled,
    long missed,
    long unseenKernel,
    long outOfOrder,
    long targetCpuNanos,
    long periodNanos,
    long truncated,
    boolean kernelPermitted,
    long drainCpuNanos,
    long writeCpuNanos,
    long ownCpuNanos,
    long wallNanos) {

  /** Samples that the CPU time is worth. */
  public double expected() {
    return (double) targetCpuNanos / periodNanos;
  }

  /** The share of the CPU time that was spent in the kernel, between 0 and 1; 0 without any. */
  public double kernelShare() {
    long seen = Math.max(1, samples + unseenKernel);
    return (double) (kernelSamples + unseenKernel) / seen;
  }
}
