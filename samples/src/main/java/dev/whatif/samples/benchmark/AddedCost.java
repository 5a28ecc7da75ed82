package dev.whatif.samples.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * What something adds to an operation, from pairs of neighbouring measurements: as a ratio and as
 * nanoseconds. Not thread-safe.
 */
final class AddedCost {

  private final PairedRatio ratio = new PairedRatio();
  private final List<Double> nanos = new ArrayList<>();

  /** One pair, in nanoseconds an operation. */
  void add(double with, double without) {
    ratio.add(with, without);
    nanos.add(with - without);
  }

  /** "+152 ns [141, 163], median +150; +6.10 % [+5.70, +6.50], median +6.05 %, 20 blocks". */
  @Override
  public String toString() {
    double[] all = nanos.stream().mapToDouble(Double::doubleValue).toArray();
    SummaryStatistics s = new SummaryStatistics();
    nanos.forEach(s::addValue);
    double t = new TDistribution(all.length - 1.0).inverseCumulativeProbability(0.975);
    double half = t * s.getStandardDeviation() / Math.sqrt(all.length);
    return String.format(
        Locale.ROOT,
        "%+.0f ns [%.0f, %.0f], median %+.0f; %s",
        s.getMean(),
        s.getMean() - half,
        s.getMean() + half,
        new Percentile().evaluate(all, 50),
        ratio.asChange());
  }
}
