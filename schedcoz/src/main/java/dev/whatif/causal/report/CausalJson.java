package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.Interval;
import dev.whatif.causal.analysis.Measure;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.Quality;
import dev.whatif.causal.analysis.SpeedupCurve;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A causal profile for scripts.
 *
 * <p>{@code baseline} and {@code regions} are those of the first throughput point; {@code progress}
 * has all points and measures, latencies in nanoseconds. Effects, shares and intervals are
 * fractions, except for {@code samplesPercent}. What is not known is null: a run that ended before
 * its analysis has {@code baseline} and {@code quality} null and no regions.
 */
public final class CausalJson {

  /** Version of the format. */
  public static final String SCHEMA = "whatif.causal/1";

  private CausalJson() {}

  /** The whole as text, indented. */
  public static String text(CausalRun run) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    write(run, root);
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  /** Adds the fields. */
  public static void write(CausalRun run, ObjectNode out) {
    out.put("schema", SCHEMA);
    out.put("target", run.target());
    out.put("backend", run.facts().backend());
    out.put("seed", run.facts().seed());
    out.put("durationNanos", run.durationNanos());
    run.firstThroughput()
        .ifPresentOrElse(
            p -> baseline(p, out.putObject("baseline")), () -> out.putNull("baseline"));
    run.profile()
        .ifPresentOrElse(
            p -> quality(run, p, out.putObject("quality")), () -> out.putNull("quality"));
    ArrayNode regions = out.putArray("regions");
    run.firstThroughput().ifPresent(p -> regions(p.curves(), regions));
    ArrayNode progress = out.putArray("progress");
    run.profile()
        .ifPresent(p -> p.progress().forEach(each -> progress(run, each, progress.addObject())));
  }

  private static void baseline(ProgressProfile p, ObjectNode out) {
    number(out, "visitsPerSecond", p.baseline());
    interval(out, "ci", p.baselineInterval());
  }

  private static void quality(CausalRun run, CausalProfile profile, ObjectNode out) {
    Quality q = profile.quality();
    number(out, "contention", q.contention());
    out.put("maxDebtNanos", q.maxDebtNanos());
    out.put("meanDebtNanos", q.meanDebtNanos());
    number(out, "kernelFraction", q.kernelFraction());
    number(out, "slowdown", q.slowdown());
    out.put("experiments", q.experiments());
    out.put("discarded", q.discarded());
    out.put("settled", profile.settled());
    ArrayNode warnings = out.putArray("warnings");
    run.warnings().forEach(warnings::add);
  }

  private static void progress(CausalRun run, ProgressProfile p, ObjectNode out) {
    out.put("point", p.point());
    out.put("measure", word(p.measure()));
    out.put("visitCostNanos", run.facts().visitNanos(p.point()));
    if (p.measure() == Measure.THROUGHPUT) {
      baseline(p, out.putObject("baseline"));
    } else {
      ObjectNode baseline = out.putObject("baseline");
      number(baseline, "nanos", p.baseline());
      interval(baseline, "ci", p.baselineInterval());
    }
    if (p.refusal().isEmpty()) {
      out.putNull("refusal");
    } else {
      out.put("refusal", p.refusal());
    }
    if (p.control().experiments() > 0) {
      point(p.control(), out.putObject("control"));
    } else {
      out.putNull("control");
    }
    regions(p.curves(), out.putArray("regions"));
  }

  private static void regions(List<SpeedupCurve> curves, ArrayNode out) {
    for (SpeedupCurve c : curves) {
      ObjectNode region = out.addObject();
      region.put("region", c.region());
      number(region, "samplesPercent", 100 * c.samplesFraction());
      ArrayNode points = region.putArray("points");
      c.points().forEach(p -> point(p, points.addObject()));
      number(region, "impact", c.impact());
      interval(region, "impactCi", c.impactInterval());
      region.put("significant", c.significant());
      number(region, "pValue", c.pValue());
      region.put("shape", word(c.shape()));
      number(region, "plateau", c.plateau());
      region.put("remark", c.remark());
    }
  }

  private static void point(CurvePoint p, ObjectNode out) {
    number(out, "speedup", p.speedup());
    number(out, "effect", p.effect());
    interval(out, "ci", p.interval());
    out.put("visits", p.visits());
    out.put("experiments", p.experiments());
  }

  private static void interval(ObjectNode out, String field, Interval interval) {
    if (Double.isFinite(interval.low()) && Double.isFinite(interval.high())) {
      out.putArray(field).add(interval.low()).add(interval.high());
    } else {
      out.putNull(field);
    }
  }

  /** JSON has no NaN. */
  private static void number(ObjectNode out, String field, double value) {
    if (Double.isFinite(value)) {
      out.put(field, value);
    } else {
      out.putNull(field);
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
