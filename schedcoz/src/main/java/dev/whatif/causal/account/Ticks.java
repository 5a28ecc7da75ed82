package dev.whatif.causal.account;

import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Sched;
import dev.whatif.ebpf.kernel.KernelLink;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Lets the clocks of all CPUs tick at the same moments, so that threads that owe the same are
 * delayed together. A period keeps its phase once it has begun; so each clock is begun anew a whole
 * number of periods after the first one.
 *
 * <p>A halted CPU ticks late, and takes long to begin a clock, by a hundred microseconds and more
 * in a virtual machine. So the calling thread looks at each clock from its own CPU, which is awake
 * then.
 */
final class Ticks {

  /** Clocks that are nearer than this part of a period are in step. */
  private static final int NEAR = 25;

  /** On a busy machine we are not always on time. */
  private static final int TRIES = 20;

  /** In this time a clock ticks twice at least, the second time on an awake CPU. */
  private static final double LOOK_PERIODS = 2.2;

  private final List<KernelLink> clocks;
  private final int[] cpus;
  private final IntToLongFunction tickedAt;
  private final long period;
  private long reference;
  private long lead;

  /**
   * For clocks that run already.
   *
   * @param clocks of the CPUs, in the order of
   * @param cpus their numbers
   * @param tickedAt when the clock with this index has ticked last, CLOCK_MONOTONIC
   * @param period of all of them, nanoseconds
   */
  Ticks(List<KernelLink> clocks, int[] cpus, IntToLongFunction tickedAt, long period) {
    this.clocks = clocks;
    this.cpus = cpus.clone();
    this.tickedAt = tickedAt;
    this.period = period;
  }

  /**
   * Brings them into step; some milliseconds of CPU time for each CPU.
   *
   * @return whether they are
   */
  boolean align() {
    Sched.CpuSet before = Sched.affinity();
    try {
      reference = look(0);
      for (int i = 1; i < clocks.size(); i++) {
        if (!align(i)) {
          return false;
        }
      }
      return true;
    } finally {
      Sched.setAffinity(before);
    }
  }

  private boolean align(int clock) {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      long late = late(look(clock));
      if (Math.abs(late) <= period / NEAR) {
        return true;
      }
      if (attempt > 0 && Math.abs(late) < period / 4) {
        lead += late; // beginning a clock takes its time, always about the same
      }
      long now = System.nanoTime();
      awaitMoment(now + period + Math.floorMod(reference - now, period) - lead);
      clocks.get(clock).restart(period);
    }
    return false;
  }

  /** How much later than the first clock, at most half a period either way. */
  private long late(long tick) {
    long apart = Math.floorMod(tick - reference, period);
    return apart > period / 2 ? apart - period : apart;
  }

  /** When the clocks tick, modulo the period. */
  long phase() {
    return reference % period;
  }

  /** A tick of a clock that was on time; this thread is on its CPU from then on. */
  private long look(int clock) {
    try {
      Sched.setAffinity(Sched.CpuSet.of(cpus[clock]));
    } catch (LinuxException e) {
      // not ours to use: then it is looked at from afar
    }
    // not a look again and again: a clock that ticks in the middle of one is not seen by programs
    awaitMoment(System.nanoTime() + Math.round(LOOK_PERIODS * period));
    return tickedAt.applyAsLong(clock);
  }

  private static void awaitMoment(long moment) {
    while (System.nanoTime() < moment) {
      Thread.onSpinWait();
    }
  }
}
