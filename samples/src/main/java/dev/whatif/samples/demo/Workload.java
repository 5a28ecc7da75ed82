package dev.whatif.samples.demo;

import java.util.Locale;

/** What the demo can run. */
enum Workload {
  /** A Redis with I/O threads and its clients: a system of two processes. */
  REDIS,
  /** Threads that share an SQLite database. */
  SQLITE;

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
