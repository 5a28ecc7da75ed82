package dev.whatif.samples.benchmark;

import java.util.concurrent.locks.LockSupport;

/** A target with so many threads: one computes, the others wake up every few milliseconds. */
final class ManyThreads {

  private ManyThreads() {}

  /** {@code ManyThreads COUNT}. */
  public static void main(String[] args) {
    int count = Integer.parseInt(args[0]);
    for (int i = 1; i < count; i++) {
      Thread.ofPlatform()
          .start(() -> {
            while (true) {
              LockSupport.parkNanos(5_000_000);
            }
          });
    }
    long x = 1;
    while (x != 0) {
      x = x * 6364136223846793005L + 1;
    }
  }
}
