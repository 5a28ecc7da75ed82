package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.Interval;
import dev.whatif.causal.analysis.Measure;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.core.report.Terminal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a causal profile means, in words: the same for a terminal and for a page. */
final class Sentences {

  /** A region with less of the samples is not what somebody would have optimised by mistake. */
  private static final double HOT = 0.1;

  private static final int MOST_NAMED = 3;

  static final String UNFINISHED =
      "No experiment was made. Run it again, and let it end by itself or by Ctrl-C.";

  static final String NOTHING_TRIED = "No region was tried often enough: measure for longer.";

  private Sentences() {}

  /** What, how long, how many experiments, how. */
  static String about(CausalRun run) {
    List<String> parts = new ArrayList<>();
    parts.add(String.format(Locale.ROOT, "%.1f s", run.durationNanos() / 1e9));
    parts.add(Numbers.count(run.observations().size()) + " experiments");
    if (!run.facts().backend().isEmpty()) {
      parts.add("backend " + Terminal.clean(run.facts().backend()));
      parts.add("seed " + run.facts().seed());
    }
    return String.join(", ", parts);
  }

  /** What the measure is called. */
  static String measure(Measure measure) {
    return switch (measure) {
      case THROUGHPUT -> "throughput";
      case LATENCY_MEAN -> "mean latency";
      case LATENCY_P50 -> "median latency";
      case LATENCY_P99 -> "99th percentile of latency";
    };
  }

  /** What an effect is a part of. */
  static String saved(Measure measure) {
    return measure == Measure.THROUGHPUT ? "of the time per visit" : "of the latency";
  }

  /** The baseline with its interval: "48,213 visits/s (47,900 to 48,520)". */
  static String baseline(ProgressProfile progress) {
    Interval i = progress.baselineInterval();
    String interval =
        progress.measure() == Measure.THROUGHPUT
            ? "%s to %s"
                .formatted(
                    Numbers.rate(i.low(), progress.baseline()),
                    Numbers.rate(i.high(), progress.baseline()))
            : Numbers.nanos(i.low()) + " to " + Numbers.nanos(i.high());
    String value =
        progress.measure() == Measure.THROUGHPUT
            ? Numbers.rate(progress.baseline()) + " visits/s"
            : Numbers.nanos(progress.baseline());
    return value + " (" + interval + ")";
  }

  /** A few words on what the curve of a region looks like. */
  static String verdict(SpeedupCurve curve) {
    if (curve.shape() == SpeedupCurve.Shape.UNKNOWN) {
      return "too little seen";
    }
    if (!curve.significant()) {
      return "no effect seen";
    }
    return switch (curve.shape()) {
      case RISING -> "the faster, the better";
      case PLATEAU -> "plateau at " + Numbers.whole(curve.plateau());
      case CONTENTION -> "contention";
      case FLAT, UNKNOWN -> "small effect";
    };
  }

  /** All that is to be said about the curve of a region, in one line. */
  static String said(SpeedupCurve curve) {
    String remark = Terminal.clean(curve.remark());
    if (remark.isEmpty()) {
      return verdict(curve);
    }
    return curve.significant() || curve.shape() == SpeedupCurve.Shape.UNKNOWN
        ? verdict(curve) + ": " + remark
        : remark;
  }

  /** What the ranking comes to; empty with a refusal. */
  static List<String> findings(ProgressProfile progress) {
    List<String> said = new ArrayList<>();
    if (progress.curves().isEmpty()) {
      return said;
    }
    Optional<SpeedupCurve> best =
        progress.curves().stream().filter(c -> c.significant() && c.impact() > 0).findFirst();
    best.flatMap(c -> gain(c, progress.measure())).ifPresent(said::add);
    if (best.isEmpty()) {
      said.add(
          "No region whose speed-up would help: no gain can be told from noise."
              + " Look for other regions, or measure for longer.");
    }
    worthMore(progress).ifPresent(said::add);
    hotButUseless(progress).ifPresent(said::add);
    contention(progress).ifPresent(said::add);
    return said;
  }

  private static Optional<String> gain(SpeedupCurve curve, Measure measure) {
    return curve.points().stream()
        .filter(p -> p.speedup() > 0 && p.speedup() < 1 && p.effect() < 1)
        .min(Comparator.comparingDouble(p -> Math.abs(p.speedup() - 0.5)))
        .map(p ->
            "Making %s %s faster would save %s (%s to %s) %s%s."
                .formatted(
                    Numbers.name(curve.region()),
                    Numbers.whole(p.speedup()),
                    Numbers.percent(p.effect()),
                    Numbers.percent(p.interval().low()),
                    Numbers.percent(p.interval().high()),
                    saved(measure),
                    measure == Measure.THROUGHPUT
                        ? String.format(
                            Locale.ROOT, ": %.2f times the visits", 1 / (1 - p.effect()))
                        : ""));
  }

  /** Code on the critical path of several threads gains more than its share of the samples. */
  private static Optional<String> worthMore(ProgressProfile progress) {
    return progress.curves().stream()
        .filter(c -> c.significant() && c.impact() > 0)
        .filter(c -> largest(c).filter(p -> surplus(c, p) > 0).isPresent())
        .max(Comparator.comparingDouble(c -> surplus(c, largest(c).orElseThrow())))
        .map(c -> {
          CurvePoint p = largest(c).orElseThrow();
          return "%s is worth more than it looks: it has %s of the samples, but %s would save %s."
              .formatted(
                  Numbers.name(c.region()),
                  Numbers.percent(c.samplesFraction()),
                  p.speedup() == 1
                      ? "sparing it altogether"
                      : "making it " + Numbers.whole(p.speedup()) + " faster",
                  Numbers.percent(p.effect()));
        });
  }

  private static Optional<CurvePoint> largest(SpeedupCurve c) {
    return c.points().stream().max(Comparator.comparingDouble(CurvePoint::effect));
  }

  /** How much more is surely saved than the samples promise. */
  private static double surplus(SpeedupCurve c, CurvePoint p) {
    return p.interval().low() - c.samplesFraction() * p.speedup();
  }

  /** What a CPU profile would have sent people to. */
  private static Optional<String> hotButUseless(ProgressProfile progress) {
    String names =
        progress.curves().stream()
            .filter(c -> c.samplesFraction() >= HOT && useless(c))
            .sorted(Comparator.comparingDouble(SpeedupCurve::samplesFraction).reversed())
            .limit(MOST_NAMED)
            .map(c ->
                "%s (%s of the samples)"
                    .formatted(Numbers.name(c.region()), Numbers.percent(c.samplesFraction())))
            .collect(Collectors.joining(", "));
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of("Hot, but making it faster gains next to nothing: " + names + ".");
  }

  /** Surely less than a quarter of what its share of the samples promises. */
  private static boolean useless(SpeedupCurve c) {
    double promised =
        c.samplesFraction()
            * c.points().stream().mapToDouble(CurvePoint::speedup).average().orElse(0);
    return c.shape() != SpeedupCurve.Shape.UNKNOWN
        && c.impactInterval().high() < promised / 4
        && c.impactInterval().high() >= 0;
  }

  private static Optional<String> contention(ProgressProfile progress) {
    String names =
        progress.curves().stream()
            .filter(c -> c.significant() && c.shape() == SpeedupCurve.Shape.CONTENTION)
            .limit(MOST_NAMED)
            .map(c -> Numbers.name(c.region()))
            .collect(Collectors.joining(", "));
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Contention: making %s faster makes progress slower; let fewer threads use it, or less often."
                .formatted(names));
  }
}
