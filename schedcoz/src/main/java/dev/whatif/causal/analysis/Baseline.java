package dev.whatif.causal.analysis;

import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Gauge;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Progress with nothing made faster: one reading over all baseline experiments, its error by
 * leaving out one block at a time (the jackknife).
 *
 * @param value visits per second, or nanoseconds of latency; 0 without any
 * @param interval of it
 */
record Baseline(double value, Interval interval) {

  /** More blocks are joined: the jackknife's cost grows with their square. */
  private static final int MOST_GROUPS = 20;

  static Baseline of(List<Observation> usable, String point, Measure measure, Gauge gauge) {
    Map<Integer, List<Visits>> blocks = new LinkedHashMap<>();
    for (Observation seen : usable) {
      if (seen.arm().kind() == Arm.Kind.BASELINE) {
        for (Visits visits : seen.visits()) {
          if (visits.point().equals(point)) {
            blocks.computeIfAbsent(seen.block(), block -> new ArrayList<>()).add(visits);
          }
        }
      }
    }
    List<List<Visits>> groups = groups(List.copyOf(blocks.values()));
    double whole = gauge.nanos(groups.stream().flatMap(List::stream).toList());
    double sum = 0;
    double squares = 0;
    int parts = 0;
    for (int without = 0; without < groups.size(); without++) {
      List<Visits> rest = new ArrayList<>();
      for (int group = 0; group < groups.size(); group++) {
        if (group != without) {
          rest.addAll(groups.get(group));
        }
      }
      double log = Math.log(gauge.nanos(rest));
      if (!Double.isNaN(log)) {
        sum += log;
        squares += log * log;
        parts++;
      }
    }
    double spread = 0;
    if (parts >= 2) {
      double variance = Math.max(squares - sum * sum / parts, 0) * (parts - 1) / parts;
      spread =
          new TDistribution(null, parts - 1).inverseCumulativeProbability(0.975)
              * Math.sqrt(variance);
    }
    if (Double.isNaN(whole)) {
      return new Baseline(0, new Interval(0, 0));
    }
    double value = measure == Measure.THROUGHPUT ? 1e9 / whole : whole;
    return new Baseline(value, new Interval(value * Math.exp(-spread), value * Math.exp(spread)));
  }

  private static List<List<Visits>> groups(List<List<Visits>> blocks) {
    int groups = Math.min(MOST_GROUPS, blocks.size());
    List<List<Visits>> joined = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      joined.add(new ArrayList<>());
    }
    for (int block = 0; block < blocks.size(); block++) {
      joined.get((int) ((long) block * groups / blocks.size())).addAll(blocks.get(block));
    }
    return joined;
  }
}
