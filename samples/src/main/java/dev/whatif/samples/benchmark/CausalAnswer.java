package dev.whatif.samples.benchmark;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code whatif causal --json} has said about one region.
 *
 * @param points by speedup; empty when it refused a ranking
 * @param maxDebtNanos the largest unpaid debt
 * @param contention the part of the time that others had the CPU, 0 to 1
 * @param warnings for people, and why there is no ranking if there is none
 */
record CausalAnswer(
    List<Point> points, long maxDebtNanos, double contention, List<String> warnings) {

  /** A prediction with its interval. */
  record Point(double speedup, double effect, double low, double high, long visits) {

    double halfWidth() {
      return (high - low) / 2;
    }
  }

  /** Two speedups that are the same but for their decimal digits. */
  private static final double SAME = 1e-6;

  CausalAnswer {
    points = List.copyOf(points);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads it.
   *
   * @param region whose points are wanted: as it was asked for, or the only one that was answered
   * @throws BadDataException when this is not what {@code whatif causal} prints
   */
  static CausalAnswer parse(String json, String region) {
    JsonNode root;
    try {
      root = new JsonMapper().readTree(json);
    } catch (JacksonException e) {
      throw new BadDataException("whatif causal printed no JSON", null, e);
    }
    JsonNode regions = root.path("regions");
    if (!regions.isArray()) {
      throw new BadDataException("whatif causal printed JSON without regions");
    }
    JsonNode quality = root.path("quality");
    List<String> warnings = new ArrayList<>();
    quality.path("warnings").forEach(w -> warnings.add(w.asString("")));
    for (JsonNode progress : root.path("progress")) {
      if (progress.path("refusal").isString()) {
        warnings.add(progress.path("refusal").asString());
      }
    }
    List<Point> points = new ArrayList<>();
    for (JsonNode candidate : regions) {
      if (regions.size() == 1 || candidate.path("region").asString("").equals(region)) {
        candidate.path("points").forEach(p -> points.add(point(p)));
      }
    }
    return new CausalAnswer(
        points,
        quality.path("maxDebtNanos").asLong(0),
        quality.path("contention").asDouble(0),
        warnings);
  }

  /** A number that could not be estimated is null. */
  private static Point point(JsonNode p) {
    JsonNode ci = p.path("ci");
    if (!isNumberOrNull(p.path("effect")) || !(ci.isNull() || ci.size() == 2)) {
      throw new BadDataException("a point without an effect or its interval: " + p);
    }
    return new Point(
        p.path("speedup").asDouble(),
        p.path("effect").asDouble(Double.NaN),
        ci.path(0).asDouble(Double.NaN),
        ci.path(1).asDouble(Double.NaN),
        p.path("visits").asLong(0));
  }

  private static boolean isNumberOrNull(JsonNode node) {
    return node.isNumber() || node.isNull();
  }

  /** The prediction for a speedup, or empty when there is none. */
  Optional<Point> at(double speedup) {
    return points.stream()
        .filter(p -> Math.abs(p.speedup() - speedup) < SAME && Double.isFinite(p.effect()))
        .findAny();
  }

  /** Whether it says that the target is bound by when work arrives. */
  boolean saysArrivalLimited() {
    return warnings.stream().anyMatch(CausalAnswer::speaksOfArrivals);
  }

  private static boolean speaksOfArrivals(String sentence) {
    return sentence.toLowerCase(Locale.ROOT).contains("arrival-limited");
  }
}
