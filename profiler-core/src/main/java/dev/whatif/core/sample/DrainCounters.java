package dev.whatif.core.sample;

/** What the drain thread has seen; written by it alone, read by any thread. */
final class DrainCounters {
  volatile long samples;
  volatile long kernelSamples;
  volatile long truncated;

  /** By PERF_RECORD_LOST: reported when there is room again, so late. */
  volatile long reportedLost;

  volatile long throttled;

  /** Samples that came after younger ones in spite of the hold-back. */
  volatile long outOfOrder;
}
