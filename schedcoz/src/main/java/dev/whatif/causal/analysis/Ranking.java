package dev.whatif.causal.analysis;

import dev.whatif.causal.estimate.AlphaSpending;
import dev.whatif.causal.estimate.ArmLogs;
import dev.whatif.causal.estimate.CurveEstimate;
import dev.whatif.causal.estimate.Discoveries;
import dev.whatif.causal.estimate.Standings;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.BlockLogs;
import dev.whatif.causal.experiment.ExperimentPlan;
import dev.whatif.causal.experiment.Gauge;
import dev.whatif.causal.experiment.Looks;
import dev.whatif.causal.experiment.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The ranking by one measure of one progress point.
 *
 * @param profile the ranking
 * @param settled whether its first places were decided at the last planned look
 * @param warnings of its controls
 */
record Ranking(ProgressProfile profile, boolean settled, List<String> warnings) {

  /** False discoveries among what is called significant. */
  private static final double FALSE_DISCOVERIES = 0.05;

  static Ranking of(
      List<Observation> usable,
      String point,
      Measure measure,
      AnalysisOptions options,
      Refusals refusals) {
    Gauge gauge = gauge(measure);
    Baseline baseline = Baseline.of(usable, point, measure, gauge);
    BlockLogs logs = BlockLogs.of(usable, point, gauge);
    CurvePoint control = Controls.point(usable, logs, options);
    String refusal = refusals.before(point, measure, gauge);
    if (refusal.isEmpty()) {
      refusal = refusals.after(measure, control);
    }
    if (refusal.isEmpty() && logs.arms().isEmpty()) {
      refusal =
          "no block of experiments holds both a baseline and something to compare with it: run for"
              + " longer";
    }
    if (!refusal.isEmpty()) {
      return new Ranking(
          new ProgressProfile(
              point, measure, baseline.value(), baseline.interval(), List.of(), control, refusal),
          false,
          List.of());
    }
    Map<String, Seen> regions = Seen.regions(usable);
    Judgement judgement = judge(usable, point, gauge, regions.keySet().stream().toList(), options);
    Map<String, Double> pValues = judgement.pValues;
    double bound = Discoveries.bound(List.copyOf(pValues.values()), FALSE_DISCOVERIES);
    List<SpeedupCurve> curves = new ArrayList<>();
    regions.forEach((region, seen) -> {
      List<ArmLogs> arms = logs.curve(region);
      double pValue = Objects.requireNonNull(pValues.getOrDefault(region, 1.0));
      curves.add(Curves.of(region, seen, arms, logs.joined(), pValue, pValue <= bound, options));
    });
    curves.sort(
        Comparator.comparing((SpeedupCurve curve) -> curve.points().isEmpty())
            .thenComparing(Comparator.comparingDouble(SpeedupCurve::impact).reversed()));
    return new Ranking(
        new ProgressProfile(
            point, measure, baseline.value(), baseline.interval(), curves, control, ""),
        judgement.settled,
        warnings(usable, point, measure, logs, control));
  }

  private static List<String> warnings(
      List<Observation> usable, String point, Measure measure, BlockLogs logs, CurvePoint control) {
    List<String> warnings = new ArrayList<>(Controls.warnings(logs, control));
    if (measure == Measure.THROUGHPUT) {
      Controls.arrivals(usable, point).ifPresent(warnings::addFirst);
    }
    return warnings;
  }

  private static Gauge gauge(Measure measure) {
    return switch (measure) {
      case THROUGHPUT -> Gauge.PERIOD;
      case LATENCY_MEAN -> Gauge.MEAN_LATENCY;
      case LATENCY_P50 -> new Gauge.LatencyQuantile(0.5);
      case LATENCY_P99 -> new Gauge.LatencyQuantile(0.99);
    };
  }

  private record Judgement(Map<String, Double> pValues, boolean settled) {}

  /** Judges at each look that was due, with what it could see. */
  private static Judgement judge(
      List<Observation> usable,
      String point,
      Gauge gauge,
      List<String> regions,
      AnalysisOptions options) {
    Map<String, List<Double>> found = new LinkedHashMap<>();
    List<Double> fractions = new ArrayList<>();
    boolean settled = false;
    List<Looks.Look> looks =
        options.ended() ? options.looks().afterEnd(usable) : options.looks().due(usable, false);
    for (Looks.Look look : looks) {
      BlockLogs logs =
          BlockLogs.of(
              usable.stream().filter(seen -> seen.block() <= look.block()).toList(), point, gauge);
      Map<String, CurveEstimate> estimates = new LinkedHashMap<>();
      for (String region : regions) {
        List<ArmLogs> arms = logs.curve(region);
        double pValue = 1;
        if (!arms.isEmpty()) {
          CurveEstimate estimate = CurveEstimate.of(arms);
          estimates.put(region, estimate);
          pValue = estimate.pValue();
        }
        found.computeIfAbsent(region, key -> new ArrayList<>()).add(pValue);
      }
      double before = fractions.isEmpty() ? 0 : fractions.getLast();
      double level = AlphaSpending.level(ExperimentPlan.ALPHA, before, look.fraction());
      settled = Standings.of(estimates, level).settled() && estimates.size() == regions.size();
      fractions.add(look.fraction());
    }
    Map<String, Double> pValues = new LinkedHashMap<>();
    for (String region : regions) {
      pValues.put(region, AlphaSpending.overall(fractions, found.getOrDefault(region, List.of())));
    }
    return new Judgement(pValues, settled);
  }

  /**
   * What was seen of a region at all.
   *
   * @param experiments with it, A/A included
   * @param samples of all threads in them
   * @param inside of them, in the region
   */
  record Seen(int experiments, long samples, long inside) {

    /** Of every region that was tried, in the order of their first experiment. */
    static Map<String, Seen> regions(List<Observation> usable) {
      Map<String, Seen> regions = new LinkedHashMap<>();
      for (Observation seen : usable) {
        if (seen.arm().kind() == Arm.Kind.SPEEDUP) {
          regions.merge(
              seen.arm().region(),
              new Seen(1, seen.samples(), seen.regionSamples()),
              (a, b) ->
                  new Seen(
                      a.experiments + b.experiments, a.samples + b.samples, a.inside + b.inside));
        }
      }
      return regions;
    }
  }
}
