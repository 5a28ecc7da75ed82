package dev.whatif.causal.analysis;

import java.util.List;

/**
 * What making one region faster does to one measure of progress.
 *
 * @param region its name
 * @param samplesFraction the part of all samples that lie in it: what a CPU profile shows
 * @param points by growing speedup
 * @param impact by which regions are ranked: the mean effect over the speedups, that is the area
 *     under the curve
 * @param impactInterval how sure that is
 * @param pValue of "it has no effect", before any control of multiplicity
 * @param significant whether its effect is real, with the false discovery rate of the whole profile
 *     at 5 %
 * @param shape what the curve looks like
 * @param plateau the speedup from which on more is of no use; NaN for other shapes than {@link
 *     Shape#PLATEAU}
 * @param remark one sentence for people, or empty
 */
public record SpeedupCurve(
    String region,
    double samplesFraction,
    List<CurvePoint> points,
    double impact,
    Interval impactInterval,
    double pValue,
    boolean significant,
    Shape shape,
    double plateau,
    String remark) {

  /** What a curve looks like. */
  public enum Shape {
    /** No effect that could be told from noise. */
    FLAT,
    /** The faster, the better. */
    RISING,
    /** Better up to some speedup; then something else is the bottleneck. */
    PLATEAU,
    /** Worse when faster: others contend for what it uses. */
    CONTENTION,
    /** Too little was seen. */
    UNKNOWN
  }

  /** Copies the points. */
  public SpeedupCurve {
    points = List.copyOf(points);
  }
}
