package dev.whatif.samples.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * The ratio of two alternating measurements, estimated from the logarithms of the blocks' ratios:
 * the geometric mean and Student's interval around it. Not thread-safe.
 */
final class PairedRatio {

  private final List<Double> ratios = new ArrayList<>();

  /** One block: both were measured next to each other. */
  void add(double measured, double base) {
    ratios.add(measured / base);
  }

  /** Number of blocks. */
  int n() {
    return ratios.size();
  }

  /** The geometric mean of the blocks' ratios. */
  double mean() {
    return Math.exp(logs().getMean());
  }

  /** The middle block. */
  double median() {
    double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Upper end of the two-sided 95 % interval of {@link #mean()}; needs two blocks. */
  double upper95() {
    return bound(+1);
  }

  /** Lower end of it. */
  double lower95() {
    return bound(-1);
  }

  /** As a change: "+0.84 % [+0.31, +1.38], median +0.80 %, 12 blocks". */
  String asChange() {
    return String.format(
        Locale.ROOT,
        "%+.2f %% [%+.2f, %+.2f], median %+.2f %%, %d blocks",
        percent(mean()),
        percent(lower95()),
        percent(upper95()),
        percent(median()),
        n());
  }

  private double bound(int side) {
    SummaryStatistics logs = logs();
    double t = new TDistribution(n() - 1).inverseCumulativeProbability(0.975);
    return Math.exp(logs.getMean() + side * t * logs.getStandardDeviation() / Math.sqrt(n()));
  }

  private SummaryStatistics logs() {
    SummaryStatistics logs = new SummaryStatistics();
    ratios.forEach(r -> logs.addValue(Math.log(r)));
    return logs;
  }

  private static double percent(double ratio) {
    return (ratio - 1) * 100;
  }

  @Override
  public String toString() {
    return Arrays.toString(ratios.toArray());
  }
}
