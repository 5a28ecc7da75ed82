package dev.whatif.causal.analysis;

import static dev.whatif.causal.analysis.Refusals.text;

import dev.whatif.causal.estimate.ArmLogs;
import dev.whatif.causal.estimate.CurveEstimate;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.BlockLogs;
import dev.whatif.causal.experiment.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * What experiments showed that should show nothing: those that delay everybody, and those in which
 * a region is made faster by 0 (A/A).
 */
final class Controls {

  /** Chance of a false alarm. */
  private static final double SURELY = 0.001;

  /** What a negative control may show without harm. */
  private static final double TOLERATED = 0.02;

  /** The part of the delays that progress must at least have suffered. */
  private static final double NOT_SLOWER = 1.0 / 3;

  private static final int LEAST_PERIODS = 4;

  /** For a run without enough of them. */
  static final CurvePoint NONE = new CurvePoint(0, 0, new Interval(0, 0), 0, 0);

  private Controls() {}

  /** The negative control; its speedup is the part of wall time that was really delayed. */
  static CurvePoint point(List<Observation> usable, BlockLogs logs, AnalysisOptions options) {
    Map.Entry<Arm, ArmLogs> control =
        logs.arms().entrySet().stream()
            .filter(entry -> entry.getKey().kind() == Arm.Kind.CONTROL)
            .filter(entry -> BlockLogs.blocks(entry.getValue()) >= BlockLogs.LEAST_BLOCKS)
            .findFirst()
            .orElse(null);
    if (control == null) {
      return NONE;
    }
    double wall = 0;
    double frozen = 0;
    for (Observation seen : usable) {
      if (seen.arm().equals(control.getKey())) {
        wall += seen.wallNanos();
        frozen += seen.frozenNanos();
      }
    }
    ArmLogs seen = control.getValue();
    CurveEstimate estimate = estimate(List.of(seen));
    double width = estimate.halfWidths(options.resamples(), options.seed())[0];
    double effect = estimate.effects()[0];
    return new CurvePoint(
        wall > 0 ? frozen / wall : 0,
        effect,
        new Interval(effect - width, effect + width),
        seen.visits(),
        seen.experiments());
  }

  /** Warnings of what should be nothing and surely is something. */
  static List<String> warnings(BlockLogs logs, CurvePoint control) {
    List<String> warnings = new ArrayList<>();
    List<ArmLogs> same = new ArrayList<>();
    logs.arms()
        .forEach((arm, seen) -> {
          if (arm.kind() == Arm.Kind.SPEEDUP && arm.speedup() == 0) {
            same.add(seen);
          }
        });
    if (same.stream().flatMapToInt(seen -> Arrays.stream(seen.block())).distinct().count()
        >= BlockLogs.LEAST_BLOCKS) {
      CurveEstimate estimate = estimate(same);
      if (estimate.pValue() < SURELY) {
        warnings.add(
            text(
                "experiments in which nothing was made faster differ from the baseline by %.1f %%:"
                    + " something else changes with experiments; do not trust smaller effects, and"
                    + " run again",
                100 * estimate.impact()));
      }
    }
    if (control.experiments() > 0
        && Math.abs(control.effect()) > TOLERATED + control.interval().halfWidth()) {
      warnings.add(
          text(
              "delaying everybody for %.0f %% of the time changed progress by %.1f %% where it"
                  + " should change nothing: effects may be off by about as much; compare with"
                  + " latencies (--latency BEGIN --until END)",
              100 * control.speedup(), 100 * control.effect()));
    }
    return warnings;
  }

  /**
   * Whether work came as fast by the clock when everybody was delayed: then it comes from those who
   * only wait, whom nothing can delay, or waiting swallows the delays.
   */
  static Optional<String> arrivals(List<Observation> usable, String point) {
    double[] apart = wallPeriods(usable, point, Arm.Kind.BASELINE);
    double[] delayed = wallPeriods(usable, point, Arm.Kind.CONTROL);
    if (apart.length < LEAST_PERIODS || delayed.length < LEAST_PERIODS) {
      return Optional.empty();
    }
    double frozen =
        usable.stream()
            .filter(seen -> seen.arm().kind() == Arm.Kind.CONTROL)
            .mapToDouble(seen -> (double) seen.frozenNanos() / seen.wallNanos())
            .average()
            .orElse(0);
    double slower = new Median().evaluate(delayed) / new Median().evaluate(apart) - 1;
    double expected = frozen / (1 - frozen);
    return slower < expected * NOT_SLOWER
        ? Optional.of(
            text(
                "arrival-limited: with everybody delayed for %.0f %% of the time %s was visited as"
                    + " often; its work comes when timers, devices or clients say so, and faster"
                    + " code would only wait longer; ask for --latency BEGIN --until END",
                100 * frozen, point))
        : Optional.empty();
  }

  private static double[] wallPeriods(List<Observation> usable, String point, Arm.Kind kind) {
    return usable.stream()
        .filter(seen -> seen.arm().kind() == kind)
        .flatMapToDouble(seen ->
            seen.visits().stream()
                .filter(at -> at.point().equals(point) && at.count() > 0)
                .mapToDouble(at -> (double) seen.wallNanos() / at.count()))
        .toArray();
  }

  /** All of them as one arm. */
  private static CurveEstimate estimate(List<ArmLogs> arms) {
    int[] block = arms.stream().flatMapToInt(arm -> Arrays.stream(arm.block())).toArray();
    double[] logs = arms.stream().flatMapToDouble(arm -> Arrays.stream(arm.logRatio())).toArray();
    double[] nanos =
        arms.stream().flatMapToDouble(arm -> Arrays.stream(arm.virtualNanos())).toArray();
    // What runs in phases is the region, and here nothing is done to any.
    double[] busy = new double[block.length];
    Arrays.fill(busy, 1);
    int experiments = arms.stream().mapToInt(ArmLogs::experiments).sum();
    long visits = arms.stream().mapToLong(ArmLogs::visits).sum();
    return CurveEstimate.of(List.of(new ArmLogs(1, block, logs, nanos, busy, experiments, visits)));
  }
}
