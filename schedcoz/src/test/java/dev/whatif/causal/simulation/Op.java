package dev.whatif.causal.simulation;

/** One step of a simulated thread. Times are microseconds. */
sealed interface Op {

  /** Runs on a CPU; the region is the code that experiments make faster. */
  record Run(int micros, boolean region) implements Op {}

  /** Takes a lock, which its owner hands to the first that waits. */
  record Lock(String name) implements Op {}

  /** Gives it back. */
  record Unlock(String name) implements Op {}

  /** Counts a semaphore up. */
  record Post(String name) implements Op {}

  /** Counts it down, waiting for that. */
  record Await(String name) implements Op {}

  /** Waits for a device. */
  record Io(int micros) implements Op {}
}
