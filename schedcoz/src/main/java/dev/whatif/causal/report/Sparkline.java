package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.SpeedupCurve;
import java.util.List;

/**
 * Curves as one character per speedup, all of a ranking on one scale, so that they compare. A gain
 * is a bar, a loss an arrow down.
 */
final class Sparkline {

  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final char LOSS = '↓';

  /** Less than this is drawn as nothing: half a point is within the noise of any run. */
  private static final double SMALL = 0.005;

  private final List<Double> speedups;
  private final double largest;

  /**
   * Sets the scale.
   *
   * @param curves of one ranking
   * @param speedups that get a character each
   */
  Sparkline(List<SpeedupCurve> curves, List<Double> speedups) {
    this.speedups = List.copyOf(speedups);
    this.largest =
        curves.stream()
            .flatMap(c -> c.points().stream())
            .mapToDouble(CurvePoint::effect)
            .filter(Double::isFinite)
            .max()
            .orElse(0);
  }

  /** Whether what prints to standard output can show it. */
  static boolean isPossible() {
    return System.out.charset().newEncoder().canEncode(BARS + LOSS);
  }

  /** As many characters as there are speedups; a blank where nothing was measured. */
  String of(SpeedupCurve curve) {
    StringBuilder line = new StringBuilder();
    for (double speedup : speedups) {
      line.append(
          RankingTable.at(curve, speedup).map(p -> character(p.effect())).orElse(' ').charValue());
    }
    return line.toString();
  }

  private char character(double effect) {
    if (!Double.isFinite(effect)) {
      return ' ';
    }
    if (effect < -SMALL) {
      return LOSS;
    }
    if (effect < SMALL || largest <= 0) {
      return BARS.charAt(0);
    }
    int bar = (int) Math.round(effect / largest * (BARS.length() - 1));
    return BARS.charAt(Math.clamp(bar, 0, BARS.length() - 1));
  }
}
