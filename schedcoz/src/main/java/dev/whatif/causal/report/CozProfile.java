package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.Measure;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Gate;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.ExportFormat;
import dev.whatif.core.report.ReportFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The text that Coz's viewer opens ({@code profile.coz}; records of tab-separated fields, Coz 0.2.2
 * {@code libcoz/profiler.cpp} and {@code viewer/ts/profile.ts}).
 *
 * <p>The viewer adds up durations and visits of a region at a speedup and divides; what it shows is
 * {@code (p0 - p) / p0}. So every experiment becomes a record for each progress point, with the
 * virtual time between first and last visit as its duration, scaled so that the sum gives the
 * effect of the profile, which knows more than a sum does (blocks, phases, experiments that do not
 * count). The viewer wants a baseline for every region: it is the same one.
 *
 * <p>A latency is Little's law there: a {@code difference} of one request in flight on average, for
 * as long as all requests took together, has their mean as its latency. The viewer draws latencies
 * that shrink below zero. Percentiles have no place in this format, and what was refused is left
 * out.
 */
public final class CozProfile implements ExportFormat {

  /** For the service loader. */
  public CozProfile() {}

  @Override
  public String format() {
    return "coz";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public String note() {
    return "Coz's viewer shows no region with fewer speedups than its slider Minimum Points says,"
        + " at first 10: move it to the left";
  }

  @Override
  public void write(Recording recording, ReportFilter filter, OutputStream out) throws IOException {
    out.write(text(CausalReading.of(recording).analysed()).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The whole.
   *
   * @throws UsageException when there is no ranking
   */
  static String text(CausalRun run) {
    List<ProgressProfile> shown =
        run.profile().stream()
            .flatMap(p -> p.progress().stream())
            .filter(p -> kind(p.measure()).isPresent() && !p.curves().isEmpty())
            .toList();
    if (shown.isEmpty()) {
      throw nothing(run);
    }
    StringBuilder out = new StringBuilder();
    long start = run.observations().isEmpty() ? 0 : run.observations().getFirst().startNanos();
    record(out, "startup", "time=" + start);
    for (ProgressProfile progress : shown) {
      PointKind kind = kind(progress.measure()).orElseThrow();
      List<Sum> baseline = sums(run, progress, kind, o -> o.arm().kind() == Arm.Kind.BASELINE);
      double period = period(baseline);
      if (Double.isFinite(period)) {
        for (SpeedupCurve curve : progress.curves()) {
          curve(out, run, progress, kind, curve, baseline);
        }
      }
    }
    record(out, "runtime", "time=" + run.durationNanos());
    samples(out, run, shown.getFirst());
    return out.toString();
  }

  private static UsageException nothing(CausalRun run) {
    Optional<String> refusal =
        run.profile().stream()
            .flatMap(p -> p.progress().stream())
            .map(ProgressProfile::refusal)
            .filter(r -> !r.isEmpty())
            .findFirst();
    return new UsageException(
        refusal
            .map(r -> "the recording has no ranking to export: " + Numbers.clean(r))
            .orElse("the recording has no causal profile that Coz's viewer could show"),
        refusal.isPresent() ? null : "make one: whatif causal -p PID --progress PLACE");
  }

  private static void curve(
      StringBuilder out,
      CausalRun run,
      ProgressProfile progress,
      PointKind kind,
      SpeedupCurve curve,
      List<Sum> baseline) {
    baseline.forEach(s -> experiment(out, kind, progress, curve, 0, s, 1));
    for (CurvePoint point : curve.points()) {
      // at 0 the viewer would take A/A experiments for a part of the baseline
      if (point.speedup() > 0 && Double.isFinite(point.effect()) && point.effect() < 1) {
        List<Sum> sums =
            sums(
                run,
                progress,
                kind,
                o ->
                    o.arm().kind() == Arm.Kind.SPEEDUP
                        && o.arm().region().equals(curve.region())
                        && o.arm().speedup() == point.speedup());
        double scale = period(baseline) * (1 - point.effect()) / period(sums);
        if (Double.isFinite(scale)) {
          sums.forEach(s -> experiment(out, kind, progress, curve, point.speedup(), s, scale));
        }
      }
    }
  }

  private static void experiment(
      StringBuilder out,
      PointKind kind,
      ProgressProfile progress,
      SpeedupCurve curve,
      double speedup,
      Sum sum,
      double scale) {
    record(
        out,
        "experiment",
        "selected=" + field(curve.region()),
        "speedup=" + number(speedup),
        "duration=" + Math.round(sum.nanos() * scale),
        "selected-samples=" + sum.regionSamples());
    String name = "name=" + field(progress.point());
    switch (kind) {
      case THROUGHPUT -> record(out, "throughput-point", name, "delta=" + sum.count());
      case LATENCY ->
          record(
              out,
              "latency-point",
              name + " (latency)",
              "arrivals=" + sum.count(),
              "departures=" + sum.count(),
              "difference=1");
    }
  }

  private static void samples(StringBuilder out, CausalRun run, ProgressProfile progress) {
    long all = run.observations().stream().mapToLong(Observation::samples).sum();
    for (SpeedupCurve c : progress.curves()) {
      if (Double.isFinite(c.samplesFraction())) {
        record(
            out,
            "samples",
            "location=" + field(c.region()),
            "count=" + Math.round(all * c.samplesFraction()));
      }
    }
  }

  /** What Coz can show. */
  private enum PointKind {
    THROUGHPUT,
    LATENCY
  }

  private static Optional<PointKind> kind(Measure measure) {
    return switch (measure) {
      case THROUGHPUT -> Optional.of(PointKind.THROUGHPUT);
      case LATENCY_MEAN -> Optional.of(PointKind.LATENCY);
      case LATENCY_P50, LATENCY_P99 -> Optional.empty();
    };
  }

  /** What one experiment adds: intervals between visits, or requests, and how long they took. */
  private record Sum(long count, long nanos, long regionSamples) {}

  private static List<Sum> sums(
      CausalRun run, ProgressProfile progress, PointKind kind, Predicate<Observation> wanted) {
    return Gate.apply(run.observations()).stream()
        .filter(Observation::usable)
        .filter(wanted)
        .flatMap(o ->
            o.visits().stream()
                .filter(v -> v.point().equals(progress.point()))
                .flatMap(v -> sum(o, v, kind)))
        .toList();
  }

  private static Stream<Sum> sum(Observation o, Visits v, PointKind kind) {
    Sum sum =
        switch (kind) {
          case THROUGHPUT ->
              new Sum(v.count() - 1, v.lastNanos() - v.firstNanos(), o.regionSamples());
          case LATENCY ->
              new Sum(v.latencies().count(), v.latencies().totalNanos(), o.regionSamples());
        };
    return sum.count() > 0 && sum.nanos() > 0 ? Stream.of(sum) : Stream.empty();
  }

  private static double period(List<Sum> sums) {
    double nanos = sums.stream().mapToDouble(Sum::nanos).sum();
    return nanos / sums.stream().mapToDouble(Sum::count).sum();
  }

  private static void record(StringBuilder out, String type, String... fields) {
    out.append(type);
    for (String field : fields) {
      out.append('\t').append(field);
    }
    out.append('\n');
  }

  /** Tabs and line ends separate fields and records. */
  private static String field(String name) {
    return Numbers.clean(name);
  }

  private static String number(double speedup) {
    String text = String.format(Locale.ROOT, "%.4f", speedup);
    return text.replaceAll("0{1,2}$", "");
  }
}
