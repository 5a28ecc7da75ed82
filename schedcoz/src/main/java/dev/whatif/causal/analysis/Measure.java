package dev.whatif.causal.analysis;

/** What is counted as progress. */
public enum Measure {
  /** Virtual time between visits: less is better. */
  THROUGHPUT,
  /** Mean virtual time from begin to end. */
  LATENCY_MEAN,
  /** Median of it. */
  LATENCY_P50,
  /** What one request in a hundred exceeds. */
  LATENCY_P99
}
