package dev.whatif.causal.analysis;

import dev.whatif.causal.estimate.ArmLogs;
import dev.whatif.causal.estimate.CurveEstimate;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.BlockLogs;
import dev.whatif.causal.experiment.Observation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What delaying everybody seemed to save: 0 when accounting and target are as assumed. */
final class Controls {

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
    double[] busy = new double[seen.size()];
    Arrays.fill(busy, 1);
    CurveEstimate estimate =
        CurveEstimate.of(
            List.of(
                new ArmLogs(
                    1,
                    seen.block(),
                    seen.logRatio(),
                    seen.virtualNanos(),
                    busy,
                    seen.experiments(),
                    seen.visits())));
    double width = estimate.halfWidths(options.resamples(), options.seed())[0];
    double effect = estimate.effects()[0];
    return new CurvePoint(
        wall > 0 ? frozen / wall : 0,
        effect,
        new Interval(effect - width, effect + width),
        seen.visits(),
        seen.experiments());
  }
}
