package dev.whatif.causal.analysis;

import static dev.whatif.causal.analysis.Refusals.text;

import dev.whatif.causal.estimate.ArmLogs;
import dev.whatif.causal.estimate.CurveEstimate;
import dev.whatif.causal.estimate.Elbow;
import java.util.ArrayList;
import java.util.List;

/** The curve of one region and what it looks like. */
final class Curves {

  /** Chance of calling a line a plateau. */
  private static final double ELBOW = 0.01;

  /** A line through the origin and an elbow need so many points to differ. */
  private static final int ELBOW_POINTS = 3;

  /** A flat curve that is less sure than this is no finding. */
  private static final double VAGUE = 0.05;

  private Curves() {}

  static SpeedupCurve of(
      String region,
      Ranking.Seen seen,
      List<ArmLogs> arms,
      int joined,
      double pValue,
      boolean significant,
      AnalysisOptions options) {
    double fraction = seen.samples() > 0 ? (double) seen.inside() / seen.samples() : 0;
    if (seen.inside() == 0 || arms.isEmpty()) {
      return unknown(region, fraction, seen, joined);
    }
    CurveEstimate estimate = CurveEstimate.of(arms);
    double[] effects = estimate.effects();
    double[] widths = estimate.halfWidths(options.resamples(), options.seed());
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; i < effects.length; i++) {
      ArmLogs arm = arms.get(i);
      points.add(
          new CurvePoint(
              arm.speedup(),
              effects[i],
              around(effects[i], widths[i]),
              arm.visits(),
              arm.experiments()));
    }
    Interval impact = around(estimate.impact(), widths[effects.length]);
    SpeedupCurve.Shape shape = shape(estimate.impact(), significant);
    double plateau = Double.NaN;
    if (shape == SpeedupCurve.Shape.RISING && points.size() >= ELBOW_POINTS) {
      Elbow elbow =
          Elbow.of(arms.stream().mapToDouble(ArmLogs::speedup).toArray(), estimate, options.seed());
      if (elbow.pValue() <= ELBOW) {
        shape = SpeedupCurve.Shape.PLATEAU;
        plateau = elbow.at();
      }
    }
    return new SpeedupCurve(
        region,
        fraction,
        points,
        estimate.impact(),
        impact,
        pValue,
        significant,
        shape,
        plateau,
        remark(shape, plateau, impact, estimate.idleShare()));
  }

  private static SpeedupCurve unknown(
      String region, double fraction, Ranking.Seen seen, int joined) {
    String why =
        seen.inside() == 0
            ? text(
                "never sampled in %d experiments: it did not run, or its name stands for other code",
                seen.experiments())
            : joined > 1
                ? text(
                    "too few requests: %d blocks had to be joined for one reading; run for longer",
                    joined)
                : "too few blocks of experiments so far: run for longer";
    return new SpeedupCurve(
        region,
        fraction,
        List.of(),
        0,
        new Interval(0, 0),
        1,
        false,
        SpeedupCurve.Shape.UNKNOWN,
        Double.NaN,
        why);
  }

  private static SpeedupCurve.Shape shape(double impact, boolean significant) {
    if (!significant) {
      return SpeedupCurve.Shape.FLAT;
    }
    return impact < 0 ? SpeedupCurve.Shape.CONTENTION : SpeedupCurve.Shape.RISING;
  }

  private static String remark(
      SpeedupCurve.Shape shape, double plateau, Interval impact, double idle) {
    String remark =
        switch (shape) {
          case CONTENTION ->
              "progress becomes slower when it is faster: whoever leaves it sooner meets the others"
                  + " at a lock, a queue or a cache line sooner";
          case PLATEAU -> text("beyond %.0f %% something else is the bottleneck", 100 * plateau);
          case FLAT ->
              impact.halfWidth() > VAGUE
                  ? text(
                      "no effect found, but one of %.0f %% would not have been either: run for"
                          + " longer",
                      100 * impact.halfWidth())
                  : "";
          case RISING, UNKNOWN -> "";
        };
    return idle < VAGUE
        ? remark
        : text("it runs in %.0f %% of the run only", 100 * (1 - idle))
            + (remark.isEmpty() ? "" : "; " + remark);
  }

  private static Interval around(double value, double halfWidth) {
    return new Interval(value - halfWidth, value + halfWidth);
  }
}
