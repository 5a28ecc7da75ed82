package dev.whatif.core.sample;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What the drain thread has seen: written by it alone, read by any thread. */
final class DrainCounters {

  private static final VarHandle SAMPLES = field("samples");
  private static final VarHandle KERNEL_SAMPLES = field("kernelSamples");
  private static final VarHandle TRUNCATED = field("truncated");
  private static final VarHandle REPORTED_LOST = field("reportedLost");
  private static final VarHandle THROTTLED_NANOS = field("throttledNanos");
  private static final VarHandle OUT_OF_ORDER = field("outOfOrder");

  private volatile long samples;
  private volatile long kernelSamples;
  private volatile long truncated;
  private volatile long reportedLost;
  private volatile long throttledNanos;
  private volatile long outOfOrder;
  private volatile long cpuNanos;

  /** A sample was taken over. */
  void sample(boolean inKernel, boolean isTruncated, boolean isLate) {
    add(SAMPLES, 1);
    if (inKernel) {
      add(KERNEL_SAMPLES, 1);
    }
    if (isTruncated) {
      add(TRUNCATED, 1);
    }
    if (isLate) {
      add(OUT_OF_ORDER, 1);
    }
  }

  /** The kernel says that so many records did not fit. */
  void lost(long count) {
    add(REPORTED_LOST, count);
  }

  /** The kernel has held an event back for so long, because it fired too often. */
  void throttled(long nanos) {
    add(THROTTLED_NANOS, nanos);
  }

  /** CPU time of the drain thread so far. */
  void cpuNanos(long nanos) {
    cpuNanos = nanos;
  }

  long samples() {
    return samples;
  }

  long kernelSamples() {
    return kernelSamples;
  }

  long truncated() {
    return truncated;
  }

  /** By PERF_RECORD_LOST: reported when there is room again, so late. */
  long reportedLost() {
    return reportedLost;
  }

  long throttledNanos() {
    return throttledNanos;
  }

  /** Samples that came after younger ones in spite of the hold-back. */
  long outOfOrder() {
    return outOfOrder;
  }

  long cpuNanos() {
    return cpuNanos;
  }

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(DrainCounters.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** Only one thread writes: no atomic addition is needed, only that others see it. */
  private void add(VarHandle counter, long count) {
    counter.setRelease(this, (long) counter.get(this) + count);
  }
}
