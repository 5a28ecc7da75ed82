package dev.whatif.core.sample;

import dev.whatif.core.failure.UsageException;

/**
 * How a CPU profile is taken.
 *
 * @param rateHz samples per second of CPU time, 1 to 20000; an odd number like 999 does not fall in
 *     step with timers of the target
 * @param stacks how much of each stack
 * @param stackBytes how much of the stack is copied with each sample in {@link StackMode#UNWIND}: a
 *     multiple of 8 up to 65000; deeper frames are cut and marked so
 * @param maxRingBytes at most so much memory for the ring of one CPU; the ring is made smaller
 *     where the user may lock less, and where there are many CPUs
 */
public record CpuProfileOptions(int rateHz, StackMode stacks, int stackBytes, long maxRingBytes) {

  /** The rate that nobody has to think about. */
  public static final int DEFAULT_RATE_HZ = 999;

  /** Deep enough for a hundred usual frames; doubles the cost of the copy over perf's 8 KiB. */
  public static final int DEFAULT_STACK_BYTES = 16 * 1024;

  private static final long DEFAULT_RING_BYTES = 16L << 20;

  /** Checks the ranges. */
  public CpuProfileOptions {
    if (rateHz < 1 || rateHz > 20_000) {
      throw new UsageException("a rate of " + rateHz + " Hz is not between 1 and 20000");
    }
    if (stackBytes < 256 || stackBytes > 65_000 || stackBytes % 8 != 0) {
      throw new UsageException(
          "a stack copy of " + stackBytes + " bytes is not a multiple of 8 between 256 and 65000");
    }
  }

  /** The defaults: 999 Hz, whole stacks. */
  public static CpuProfileOptions defaults() {
    return of(DEFAULT_RATE_HZ, StackMode.UNWIND);
  }

  /** The defaults with another rate and mode. */
  public static CpuProfileOptions of(int rateHz, StackMode stacks) {
    return new CpuProfileOptions(rateHz, stacks, DEFAULT_STACK_BYTES, DEFAULT_RING_BYTES);
  }

  /** The same with another size of stack copy. */
  public CpuProfileOptions withStackBytes(int bytes) {
    return new CpuProfileOptions(rateHz, stacks, bytes, maxRingBytes);
  }

  /** CPU nanoseconds between two samples of a thread. */
  public long periodNanos() {
    return 1_000_000_000L / rateHz;
  }
}
