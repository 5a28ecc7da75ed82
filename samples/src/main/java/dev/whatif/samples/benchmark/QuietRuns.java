package dev.whatif.samples.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Runs of one kind on a machine that others disturb: neighbours only ever add CPU time (shared
 * cores and caches), so the lower decile is closer to the truth than the mean, and steadier. Not
 * thread-safe.
 */
final class QuietRuns {

  private static final double DECILE = 10;

  private final List<Double> nanos = new ArrayList<>();

  /** Adds a run and gives it back. */
  double note(double nanosPerCommand) {
    nanos.add(nanosPerCommand);
    return nanosPerCommand;
  }

  /** The lower decile. */
  double quiet() {
    return new Percentile()
        .evaluate(nanos.stream().mapToDouble(Double::doubleValue).toArray(), DECILE);
  }

  /** "812.3 ns, +1.23 %". */
  String against(QuietRuns base) {
    return String.format(Locale.ROOT, "%s, %+.2f %%", this, (quiet() / base.quiet() - 1) * 100);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f ns of %d runs", quiet(), nanos.size());
  }
}
