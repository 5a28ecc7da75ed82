package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.Interval;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.Quality;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import dev.whatif.core.recording.EventType;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.Unit;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The events of a causal profile.
 *
 * <p>{@code whatif.Experiment} and its {@code whatif.ProgressPoint}s are what was seen: written
 * whenever an experiment ends, so that a killed run keeps them. {@code whatif.CausalProfile},
 * {@code whatif.Baseline} and {@code whatif.Speedup} are what came out, in this order; when a
 * recording has several such results, the last one counts.
 */
public final class CausalEvents {

  /**
   * A progress point in an experiment.
   *
   * @param experiment that it belongs to
   * @param position of the point in the run, from 0
   * @param visits what was seen
   */
  record PointRow(Observation experiment, int position, Visits visits) {}

  /**
   * The whole of a result.
   *
   * @param timeNanos when it was made
   */
  record ProfileRow(long timeNanos, CausalProfile profile) {

    Quality quality() {
      return profile.quality();
    }
  }

  /** One measure of one progress point. */
  record BaselineRow(long timeNanos, ProgressProfile progress) {

    CurvePoint control() {
      return progress.control();
    }
  }

  /** A point of a curve; a curve without points has one row whose speedup is NaN. */
  record SpeedupRow(
      long timeNanos, ProgressProfile progress, SpeedupCurve curve, CurvePoint point) {}

  /** One experiment. */
  static final EventType<Observation> EXPERIMENT =
      EventType.named("whatif.Experiment", Observation::startNanos)
          .duration(Observation::wallNanos)
          .label("Experiment")
          .description("A part of the code was made virtually faster for a moment")
          .category("whatif", "Causal")
          .number("block", "Block", Unit.NONE, Observation::block)
          .number("index", "Index", Unit.NONE, Observation::index)
          .text("arm", "Arm", o -> o.arm().kind().name())
          .text("region", "Region", o -> o.arm().region())
          .real("speedup", "Speedup", Unit.FRACTION, o -> o.arm().speedup())
          .number("frozen", "Frozen Time", Unit.NANOSECONDS, Observation::frozenNanos)
          .number("samples", "Samples", Unit.NONE, Observation::samples)
          .number("kernelSamples", "Kernel Samples", Unit.NONE, Observation::kernelSamples)
          .number("regionSamples", "Samples in Region", Unit.NONE, Observation::regionSamples)
          .number("cpu", "CPU Time", Unit.NANOSECONDS, Observation::cpuNanos)
          .number(
              "busiest", "CPU Time of Busiest Thread", Unit.NANOSECONDS, Observation::busiestNanos)
          .number(
              "stolen", "Waiting for CPUs of Others", Unit.NANOSECONDS, Observation::stolenNanos)
          .number("idle", "Waiting for Nobody in Scope", Unit.NANOSECONDS, Observation::idleNanos)
          .number("progressThreads", "Threads of Progress", Unit.NONE, Observation::progressThreads)
          .number("debt", "Largest Debt", Unit.NANOSECONDS, Observation::debtNanos)
          .number("meanDebt", "Mean Debt", Unit.NANOSECONDS, Observation::meanDebtNanos)
          .text("flaw", "Flaw", Observation::flaw)
          .build();

  /** What an experiment saw at one progress point. */
  static final EventType<PointRow> POINT =
      EventType.<PointRow>named("whatif.ProgressPoint", r -> r.experiment().startNanos())
          .label("Progress Point")
          .description("What one experiment saw at one progress point")
          .category("whatif", "Causal")
          .number("index", "Experiment", Unit.NONE, r -> r.experiment().index())
          .number("position", "Position", Unit.NONE, PointRow::position)
          .text("point", "Point", r -> r.visits().point())
          .number("count", "Visits", Unit.NONE, r -> r.visits().count())
          .number(
              "first", "Virtual Time of First Visit", Unit.TIMESTAMP, r -> r.visits().firstNanos())
          .number("last", "Virtual Time of Last Visit", Unit.TIMESTAMP, r -> r.visits().lastNanos())
          .number("requests", "Requests", Unit.NONE, r -> r.visits().latencies().count())
          .number("unpaired", "Unpaired", Unit.NONE, r -> r.visits().latencies().unpaired())
          .number(
              "latency",
              "Total Latency",
              Unit.NANOSECONDS,
              r -> r.visits().latencies().totalNanos())
          .text(
              "latencies",
              "Latencies (distance:count)",
              r -> PackedLatencies.pack(r.visits().latencies().buckets()))
          .build();

  /** The result as a whole. */
  static final EventType<ProfileRow> PROFILE =
      EventType.named("whatif.CausalProfile", ProfileRow::timeNanos)
          .label("Causal Profile")
          .description("How far the results of a causal profile can be trusted")
          .category("whatif", "Causal")
          .flag("settled", "Settled", r -> r.profile().settled())
          .number("experiments", "Experiments", Unit.NONE, r -> r.quality().experiments())
          .number("discarded", "Discarded Experiments", Unit.NONE, r -> r.quality().discarded())
          .real("contention", "Contention", Unit.FRACTION, r -> r.quality().contention())
          .real("kernel", "Samples in the Kernel", Unit.FRACTION, r -> r.quality().kernelFraction())
          .number("maxDebt", "Largest Debt", Unit.NANOSECONDS, r -> r.quality().maxDebtNanos())
          .number("meanDebt", "Mean Debt", Unit.NANOSECONDS, r -> r.quality().meanDebtNanos())
          .real("slowdown", "Slowdown", Unit.FRACTION, r -> r.quality().slowdown())
          .text("warnings", "Warnings", r -> CausalEvents.lines(r.quality().warnings()))
          .build();

  /** One measure of one progress point with nothing made faster. */
  static final EventType<BaselineRow> BASELINE =
      EventType.named("whatif.Baseline", BaselineRow::timeNanos)
          .label("Baseline")
          .description("Progress with nothing made faster: visits per second, or nanoseconds")
          .category("whatif", "Causal")
          .text("point", "Point", r -> r.progress().point())
          .text("measure", "Measure", r -> r.progress().measure().name())
          .real("baseline", "Baseline", Unit.NONE, r -> r.progress().baseline())
          .real("low", "Lower End", Unit.NONE, r -> r.progress().baselineInterval().low())
          .real("high", "Upper End", Unit.NONE, r -> r.progress().baselineInterval().high())
          .real("delayed", "Delayed in Control", Unit.FRACTION, r -> r.control().speedup())
          .real("control", "Effect of Control", Unit.FRACTION, r -> r.control().effect())
          .real(
              "controlLow",
              "Lower End of Control",
              Unit.FRACTION,
              r -> r.control().interval().low())
          .real(
              "controlHigh",
              "Upper End of Control",
              Unit.FRACTION,
              r -> r.control().interval().high())
          .number("controlVisits", "Visits in Control", Unit.NONE, r -> r.control().visits())
          .number(
              "controlExperiments",
              "Control Experiments",
              Unit.NONE,
              r -> r.control().experiments())
          .text("refusal", "Refusal", r -> r.progress().refusal())
          .build();

  /** A point of a curve. */
  static final EventType<SpeedupRow> SPEEDUP =
      EventType.named("whatif.Speedup", SpeedupRow::timeNanos)
          .label("Speedup")
          .description("What a virtual speedup of a region saves of the time per visit")
          .category("whatif", "Causal")
          .text("point", "Point", r -> r.progress().point())
          .text("measure", "Measure", r -> r.progress().measure().name())
          .text("region", "Region", r -> r.curve().region())
          .real("speedup", "Speedup", Unit.FRACTION, r -> r.point().speedup())
          .real("effect", "Effect", Unit.FRACTION, r -> r.point().effect())
          .real("low", "Lower End", Unit.FRACTION, r -> r.point().interval().low())
          .real("high", "Upper End", Unit.FRACTION, r -> r.point().interval().high())
          .number("visits", "Visits", Unit.NONE, r -> r.point().visits())
          .number("experiments", "Experiments", Unit.NONE, r -> r.point().experiments())
          .real("samples", "Share of Samples", Unit.FRACTION, r -> r.curve().samplesFraction())
          .real("impact", "Impact", Unit.FRACTION, r -> r.curve().impact())
          .real(
              "impactLow",
              "Lower End of Impact",
              Unit.FRACTION,
              r -> r.curve().impactInterval().low())
          .real(
              "impactHigh",
              "Upper End of Impact",
              Unit.FRACTION,
              r -> r.curve().impactInterval().high())
          .real("pValue", "P Value", Unit.NONE, r -> r.curve().pValue())
          .flag("significant", "Significant", r -> r.curve().significant())
          .text("shape", "Shape", r -> r.curve().shape().name())
          .real("plateau", "Plateau From", Unit.FRACTION, r -> r.curve().plateau())
          .text("remark", "Remark", r -> r.curve().remark())
          .build();

  static final CurvePoint NO_POINT =
      new CurvePoint(Double.NaN, Double.NaN, new Interval(Double.NaN, Double.NaN), 0, 0);

  private CausalEvents() {}

  private static String lines(List<String> sentences) {
    return sentences.stream().map(s -> s.replace('\n', ' ')).collect(Collectors.joining("\n"));
  }

  /** What an experiment saw. */
  public static void write(Recorder recorder, Observation observation) {
    recorder.write(EXPERIMENT, observation);
    List<Visits> visits = observation.visits();
    for (int i = 0; i < visits.size(); i++) {
      recorder.write(POINT, new PointRow(observation, i, visits.get(i)));
    }
  }

  /**
   * What came out; replaces what was written before.
   *
   * @param timeNanos {@code CLOCK_MONOTONIC}
   */
  public static void write(Recorder recorder, CausalProfile profile, long timeNanos) {
    recorder.write(PROFILE, new ProfileRow(timeNanos, profile));
    for (ProgressProfile progress : profile.progress()) {
      recorder.write(BASELINE, new BaselineRow(timeNanos, progress));
      for (SpeedupCurve curve : progress.curves()) {
        List<CurvePoint> points = curve.points().isEmpty() ? List.of(NO_POINT) : curve.points();
        for (CurvePoint point : points) {
          recorder.write(SPEEDUP, new SpeedupRow(timeNanos, progress, curve, point));
        }
      }
    }
  }
}
