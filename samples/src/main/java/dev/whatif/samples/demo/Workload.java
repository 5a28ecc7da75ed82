package dev.whatif.samples.demo;

import java.util.Locale;

/** What the demo can run. */
enum Workload {
  /** A Redis under a mixed, skewed load. */
  REDIS;

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
