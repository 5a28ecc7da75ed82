package dev.whatif.samples.demo;

/** What the demo can run. */
enum Workload {
  /** A Redis under a mixed, skewed load. */
  REDIS
}
