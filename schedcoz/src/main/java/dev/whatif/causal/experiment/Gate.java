package dev.whatif.causal.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Discards experiments in which other programs took far more CPU from the target than in most. The
 * judgement knows neither the arm nor what came out, hence it favours none.
 */
public final class Gate {

  /** How many (normalised) median deviations above the median are too many. */
  private static final double DEVIATIONS = 6;

  /** Makes a median absolute deviation a standard deviation, for a normal distribution. */
  private static final double NORMALISED = 1.4826;

  /** What is never discarded: so much more than the median does no harm. */
  private static final double HARMLESS = 0.05;

  private Gate() {}

  /** The part of the time that threads in scope wanted a CPU in which others had it, 0 to 1. */
  public static double stolen(Observation seen) {
    double wanted = (double) seen.stolenNanos() + seen.cpuNanos();
    return wanted > 0 ? seen.stolenNanos() / wanted : 0;
  }

  /** The same experiments, those that were disturbed too much with a flaw. */
  public static List<Observation> apply(List<Observation> observations) {
    double[] stolen =
        observations.stream().filter(Observation::usable).mapToDouble(Gate::stolen).toArray();
    if (stolen.length == 0) {
      return observations;
    }
    double median = new Median().evaluate(stolen);
    double deviation =
        new Median().evaluate(Arrays.stream(stolen).map(x -> Math.abs(x - median)).toArray());
    double bound = median + Math.max(HARMLESS, DEVIATIONS * NORMALISED * deviation);
    return observations.stream()
        .map(seen -> seen.usable() && stolen(seen) > bound ? disturbed(seen, median) : seen)
        .toList();
  }

  private static Observation disturbed(Observation seen, double median) {
    return seen.flawed(
        String.format(
            Locale.ROOT,
            "other programs took %.0f %% of its CPU time, in most experiments %.0f %%",
            100 * stolen(seen),
            100 * median));
  }
}
