package dev.whatif.causal.account;

import dev.whatif.ebpf.kernel.KernelLink;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToLongFunction;

/**
 * Lets the clocks of all CPUs tick at the same moments, so that threads that owe the same are
 * delayed together. A period keeps its phase once it has begun; so each clock is begun anew a whole
 * number of periods after the first one.
 */
final class Ticks {

  /** Clocks that are nearer than this part of a period are in step. */
  private static final int NEAR = 8;

  /** On a busy machine we are not always on time. */
  private static final int TRIES = 20;

  private final List<KernelLink> clocks;
  private final IntToLongFunction tickedAt;
  private final long period;

  /**
   * For clocks that run already.
   *
   * @param clocks of the CPUs, in the order of
   * @param tickedAt when the clock with this index has ticked last, CLOCK_MONOTONIC
   * @param period of all of them, nanoseconds
   */
  Ticks(List<KernelLink> clocks, IntToLongFunction tickedAt, long period) {
    this.clocks = clocks;
    this.tickedAt = tickedAt;
    this.period = period;
  }

  /**
   * Brings them into step.
   *
   * @return whether they are
   */
  boolean align() {
    if (clocks.size() < 2) {
      return true;
    }
    for (int attempt = 0; attempt < TRIES; attempt++) {
      boolean together = true;
      for (int i = 1; i < clocks.size(); i++) {
        if (Math.abs(late(i)) > period / NEAR) {
          together = false;
          begin(i);
        }
      }
      if (together) {
        return true;
      }
      LockSupport.parkNanos(3 * period);
    }
    return false;
  }

  /** When the clocks tick, modulo the period. */
  long phase() {
    return tickedAt.applyAsLong(0) % period;
  }

  /** How much later than the first clock another one ticks, at most half a period either way. */
  private long late(int clock) {
    long apart = Math.floorMod(tickedAt.applyAsLong(clock) - tickedAt.applyAsLong(0), period);
    return apart > period / 2 ? apart - period : apart;
  }

  private void begin(int clock) {
    long now = System.nanoTime();
    long moment = now + period + Math.floorMod(phase() - now, period);
    LockSupport.parkNanos(moment - now - period / 2);
    while (System.nanoTime() < moment) {
      Thread.onSpinWait();
    }
    clocks.get(clock).restart(period);
  }
}
