package dev.whatif.core.process;

import dev.whatif.core.failure.UnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A bounded wait that begins eagerly and becomes lazier: what is waited for usually takes
 * microseconds. Confined to one thread.
 */
final class Patience {

  /** So long it only gives up the CPU. */
  private static final long EAGER_NANOS = 200_000;

  private static final long SHORTEST_PAUSE_NANOS = 20_000;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000;

  private final long start = System.nanoTime();
  private final Duration limit;
  private long pause = SHORTEST_PAUSE_NANOS;

  Patience(Duration limit) {
    this.limit = limit;
  }

  /** Since it began. */
  Duration waited() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Waits a little; false when the limit has been reached. */
  boolean goOn() {
    long waited = System.nanoTime() - start;
    if (waited > limit.toNanos()) {
      return false;
    }
    if (waited < EAGER_NANOS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
    }
    return true;
  }

  /** Waits a little. */
  void wait(String what) {
    if (!goOn()) {
      throw new UnavailableException(
          "%s did not stop within %d ms".formatted(what, limit.toMillis()),
          "try again when it is less busy");
    }
  }
}
