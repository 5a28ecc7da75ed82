package dev.whatif.causal.analysis;

import java.util.List;

/**
 * What making regions faster does to one measure of one progress point.
 *
 * @param point the progress point, as the user wrote it
 * @param measure of its progress
 * @param baseline visits per second, or nanoseconds of latency, with nothing made faster
 * @param baselineInterval how sure that is
 * @param curves ranked, the largest impact first
 * @param control what delaying everybody seemed to save: 0 in theory
 * @param refusal why there is no ranking, for people, with what to do instead; empty when there is
 *     one. With a refusal the curves are empty.
 */
public record ProgressProfile(
    String point,
    Measure measure,
    double baseline,
    Interval baselineInterval,
    List<SpeedupCurve> curves,
    CurvePoint control,
    String refusal) {

  /** Copies the curves. */
  public ProgressProfile {
    curves = List.copyOf(curves);
  }
}
