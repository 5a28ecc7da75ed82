package dev.whatif.causal.estimate;

import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * How much of the permitted error a look may spend (Lan and DeMets, Biometrika 70, 1983), with the
 * spending function that resembles O'Brien and Fleming's bounds: {@code a(t) = 2 - 2 Phi(z(1 -
 * alpha/2) / sqrt(t))} at the part t of the run. Early looks may spend next to nothing, so that the
 * last one keeps nearly all.
 *
 * <p>A look's level is what the function grew by since the look before. Errors at looks then add up
 * to alpha at most, whatever the dependence between looks; exact bounds, which know that
 * dependence, would be at most a tenth narrower.
 */
public final class AlphaSpending {

  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);
  private static final int HALVINGS = 60;

  /** Beyond it the level of late looks shrinks again, and a p-value has no use. */
  private static final double LARGEST_ALPHA = 0.3;

  private AlphaSpending() {}

  /** Two-sided error that may have been spent by the part {@code t} of the run, 0 to 1. */
  public static double spent(double alpha, double t) {
    if (t <= 0 || alpha <= 0) {
      return 0;
    }
    double z = -NORMAL.inverseCumulativeProbability(Math.min(alpha, 1) / 2);
    return 2 * NORMAL.cumulativeProbability(-z / Math.sqrt(Math.min(t, 1)));
  }

  /** Two-sided level of the look at {@code t}, after one at {@code before} (0 if none). */
  public static double level(double alpha, double before, double t) {
    return spent(alpha, t) - spent(alpha, before);
  }

  /**
   * A p-value that holds over all looks: the smallest alpha for which some look would have been
   * significant. Its chance to be below any alpha is at most alpha when there is no effect.
   *
   * @param fractions of the run at the looks, growing
   * @param pValues found at them, each two-sided and for itself
   * @return 1 when there was no look
   */
  public static double overall(List<Double> fractions, List<Double> pValues) {
    double overall = 1;
    for (int look = 0; look < fractions.size(); look++) {
      double before = look == 0 ? 0 : fractions.get(look - 1);
      overall = Math.min(overall, needed(pValues.get(look), before, fractions.get(look)));
    }
    return overall;
  }

  private static double needed(double pValue, double before, double t) {
    double low = Math.log(Double.MIN_NORMAL);
    double high = Math.log(LARGEST_ALPHA);
    if (level(LARGEST_ALPHA, before, t) < pValue) {
      return 1;
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (level(Math.exp(middle), before, t) >= pValue) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return Math.exp(high);
  }
}
