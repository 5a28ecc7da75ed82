package dev.whatif.causal.account;

import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfEventAttr;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.recording.Recorder;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * How often a CPU is sampled, by what that costs on this machine. The timer's interrupt is most of
 * it: a microsecond on bare metal, ten and more in a virtual machine within another. So it is
 * measured: a thread does nothing but read the clock while it is interrupted for samples that
 * nobody takes, and what it misses is a tick.
 *
 * @param tickNanos CPU time of a tick, the median of those seen; 0 when none could be
 * @param nanos the period that was chosen, a prime number: no multiple of anybody's timer
 */
public record SamplingPeriod(long tickNanos, long nanos) {

  /** What ticks may cost, of CPU time. */
  private static final double SHARE = 0.03;

  /** At most this often, whatever a tick costs: enough to pay debts of a quantum in time. */
  private static final long SHORTEST = 250_000;

  /** At least this often: else an experiment of a tenth of a second sees too little. */
  private static final long LONGEST = 1_000_000;

  private static final long TICK_PERIOD = 100_000;
  private static final long SPIN_NANOS = 30_000_000;

  /** Shorter gaps are not ticks but the loop itself, and caches. */
  private static final long LEAST_GAP = 600;

  private static final int MOST_GAPS = 4096;

  /** Measures, for some 30 ms of this thread's CPU time, and chooses. */
  public static SamplingPeriod calibrate() {
    long tick = measure();
    return new SamplingPeriod(tick, chosen(tick));
  }

  /** Adds it to the facts of a recording. */
  public void write(Recorder recorder) {
    recorder.environment("causal.period.nanos", Long.toString(nanos));
    recorder.environment("causal.tick.nanos", Long.toString(tickNanos));
  }

  /** The period for a cost of a tick, nanoseconds. */
  static long chosen(long tickNanos) {
    long period = Math.clamp((long) (tickNanos / SHARE), SHORTEST, LONGEST);
    return BigInteger.valueOf(period).nextProbablePrime().longValueExact();
  }

  private static long measure() {
    int event;
    try (Arena arena = Arena.ofConfined()) {
      event =
          PerfEvent.open(
              new PerfEventAttr(arena)
                  .event(PerfEvent.PERF_TYPE_SOFTWARE, PerfEvent.PERF_COUNT_SW_CPU_CLOCK)
                  .samplePeriod(TICK_PERIOD),
              0,
              -1);
    } catch (LinuxException e) {
      return 0; // whoever may not sample is told so when it matters
    }
    try {
      return median();
    } finally {
      Unistd.close(event);
    }
  }

  /** The median gap in a loop that reads the clock. */
  private static long median() {
    long[] gaps = new long[MOST_GAPS];
    int n = 0;
    long shortest = Long.MAX_VALUE;
    long end = System.nanoTime() + SPIN_NANOS;
    for (long before = System.nanoTime(); before < end && n < MOST_GAPS; ) {
      long now = System.nanoTime();
      long gap = now - before;
      before = now;
      if (gap > LEAST_GAP) {
        gaps[n++] = gap;
      } else {
        shortest = Math.min(shortest, gap);
      }
    }
    if (n == 0) {
      return 0;
    }
    Arrays.sort(gaps, 0, n);
    return Math.max(0, gaps[n / 2] - shortest);
  }
}
