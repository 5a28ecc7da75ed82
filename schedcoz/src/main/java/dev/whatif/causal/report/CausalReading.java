package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.Interval;
import dev.whatif.causal.analysis.Measure;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.Quality;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Latencies;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.recording.Recording;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link CausalRun} of the events of a recording, which may be damaged or made by an enemy:
 * what cannot be is refused with a {@link BadDataException}. Confined to one thread.
 */
public final class CausalReading {

  /** What it wants to see. */
  static final Set<String> EVENTS =
      Set.of(
          CausalEvents.EXPERIMENT.name(),
          CausalEvents.POINT.name(),
          CausalEvents.PROFILE.name(),
          CausalEvents.BASELINE.name(),
          CausalEvents.SPEEDUP.name());

  private final List<Observation> experiments = new ArrayList<>();
  private final Map<Integer, List<Visits>> visits = new HashMap<>();
  private @Nullable RecordedProfile profile;

  private record RecordedCurve(SpeedupCurve first, List<CurvePoint> points) {

    SpeedupCurve curve() {
      return new SpeedupCurve(
          first.region(),
          first.samplesFraction(),
          points,
          first.impact(),
          first.impactInterval(),
          first.pValue(),
          first.significant(),
          first.shape(),
          first.plateau(),
          first.remark());
    }
  }

  private record RecordedProgress(ProgressProfile bare, Map<String, RecordedCurve> curves) {}

  private record RecordedProfile(
      Quality quality, boolean settled, Map<String, RecordedProgress> progress) {}

  /** Nothing is read yet. */
  public CausalReading() {}

  /** All of a recording. */
  public static CausalRun of(Recording recording) {
    CausalReading reading = new CausalReading();
    try (Stream<RecordedEvent> events = recording.events()) {
      events.forEach(reading::event);
    }
    return reading.run(recording.environment());
  }

  /**
   * One event of any type, in the order of the recording.
   *
   * @throws BadDataException when it says what no run could have seen
   */
  public void event(RecordedEvent e) {
    try {
      take(e);
    } catch (IllegalArgumentException damage) {
      throw new BadDataException(
          "the causal profile in the recording is damaged: " + damage.getMessage(),
          "Record again; the file cannot be repaired.",
          damage);
    }
  }

  private void take(RecordedEvent e) {
    switch (e.getEventType().getName()) {
      case "whatif.Experiment" -> experiments.add(experiment(e));
      case "whatif.ProgressPoint" ->
          visits.computeIfAbsent((int) e.getLong("index"), k -> new ArrayList<>()).add(visits(e));
      case "whatif.CausalProfile" ->
          profile = new RecordedProfile(quality(e), e.getBoolean("settled"), new LinkedHashMap<>());
      case "whatif.Baseline" -> {
        if (profile != null) {
          profile.progress().put(key(e), new RecordedProgress(progress(e), new LinkedHashMap<>()));
        }
      }
      case "whatif.Speedup" -> {
        RecordedProgress progress = profile == null ? null : profile.progress().get(key(e));
        if (progress != null) {
          point(e, progress);
        }
      }
      default -> {
        // another module's
      }
    }
  }

  /** Whether there is no causal profile in the recording. */
  public boolean isEmpty() {
    return experiments.isEmpty() && profile == null;
  }

  /**
   * What was read.
   *
   * @param environment the facts of the recording
   */
  public CausalRun run(Map<String, String> environment) {
    List<Observation> observations = new ArrayList<>(experiments.size());
    for (Observation bare : experiments) {
      observations.add(bare.withVisits(visits.getOrDefault(bare.index(), List.of())));
    }
    return new CausalRun(
        environment.getOrDefault("target", ""),
        RunFacts.of(environment),
        observations,
        Optional.ofNullable(profile).map(CausalReading::finished));
  }

  private static CausalProfile finished(RecordedProfile recorded) {
    List<ProgressProfile> all = new ArrayList<>();
    for (RecordedProgress p : recorded.progress().values()) {
      ProgressProfile bare = p.bare();
      all.add(
          new ProgressProfile(
              bare.point(),
              bare.measure(),
              bare.baseline(),
              bare.baselineInterval(),
              p.curves().values().stream().map(RecordedCurve::curve).toList(),
              bare.control(),
              bare.refusal()));
    }
    return new CausalProfile(all, recorded.quality(), recorded.settled());
  }

  private static Observation experiment(RecordedEvent e) {
    Arm arm = new Arm(Arm.Kind.valueOf(text(e, "arm")), text(e, "region"), e.getDouble("speedup"));
    return new Observation(
        (int) e.getLong("block"),
        (int) e.getLong("index"),
        arm,
        e.getLong("startTime"),
        e.getLong("duration"),
        e.getLong("frozen"),
        e.getLong("samples"),
        e.getLong("kernelSamples"),
        e.getLong("regionSamples"),
        e.getLong("cpu"),
        e.getLong("busiest"),
        e.getLong("stolen"),
        e.getLong("idle"),
        (int) e.getLong("progressThreads"),
        e.getLong("debt"),
        e.getLong("meanDebt"),
        List.of(),
        text(e, "flaw"));
  }

  private static Visits visits(RecordedEvent e) {
    Latencies latencies =
        new Latencies(
            e.getLong("unpaired"),
            e.getLong("requests"),
            e.getLong("latency"),
            PackedLatencies.unpack(text(e, "latencies")));
    return new Visits(
        text(e, "point"), e.getLong("count"), e.getLong("first"), e.getLong("last"), latencies);
  }

  private static Quality quality(RecordedEvent e) {
    String warnings = text(e, "warnings");
    return new Quality(
        e.getDouble("contention"),
        e.getDouble("kernel"),
        e.getLong("maxDebt"),
        e.getLong("meanDebt"),
        (int) e.getLong("experiments"),
        (int) e.getLong("discarded"),
        e.getDouble("slowdown"),
        warnings.isEmpty() ? List.of() : List.of(warnings.split("\n", -1)));
  }

  private static ProgressProfile progress(RecordedEvent e) {
    CurvePoint control =
        new CurvePoint(
            e.getDouble("delayed"),
            e.getDouble("control"),
            new Interval(e.getDouble("controlLow"), e.getDouble("controlHigh")),
            e.getLong("controlVisits"),
            (int) e.getLong("controlExperiments"));
    return new ProgressProfile(
        text(e, "point"),
        Measure.valueOf(text(e, "measure")),
        e.getDouble("baseline"),
        new Interval(e.getDouble("low"), e.getDouble("high")),
        List.of(),
        control,
        text(e, "refusal"));
  }

  private static void point(RecordedEvent e, RecordedProgress progress) {
    RecordedCurve curve =
        progress
            .curves()
            .computeIfAbsent(
                text(e, "region"), k -> new RecordedCurve(curve(e), new ArrayList<>()));
    if (!Double.isNaN(e.getDouble("speedup"))) {
      curve
          .points()
          .add(
              new CurvePoint(
                  e.getDouble("speedup"),
                  e.getDouble("effect"),
                  new Interval(e.getDouble("low"), e.getDouble("high")),
                  e.getLong("visits"),
                  (int) e.getLong("experiments")));
    }
  }

  private static SpeedupCurve curve(RecordedEvent e) {
    return new SpeedupCurve(
        text(e, "region"),
        e.getDouble("samples"),
        List.of(),
        e.getDouble("impact"),
        new Interval(e.getDouble("impactLow"), e.getDouble("impactHigh")),
        e.getDouble("pValue"),
        e.getBoolean("significant"),
        SpeedupCurve.Shape.valueOf(text(e, "shape")),
        e.getDouble("plateau"),
        text(e, "remark"));
  }

  private static String key(RecordedEvent e) {
    return text(e, "measure") + ' ' + text(e, "point");
  }

  private static String text(RecordedEvent e, String field) {
    String text = e.getString(field);
    return text == null ? "" : text;
  }
}
