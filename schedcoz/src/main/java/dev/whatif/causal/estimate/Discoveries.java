package dev.whatif.causal.estimate;

import java.util.List;
import java.util.stream.IntStream;

/** Which of many findings may be called real (Benjamini and Hochberg 1995). */
public final class Discoveries {

  private Discoveries() {}

  /**
   * The largest p-value that still counts, so that of all that count at most {@code rate} are false
   * on average; negative when none does.
   *
   * @param pValues one per question; for tests that share baselines the bound holds as well
   *     (positive dependence: Benjamini and Yekutieli 2001)
   * @param rate of false ones, 0 to 1
   */
  public static double bound(List<Double> pValues, double rate) {
    List<Double> sorted = pValues.stream().sorted().toList();
    return IntStream.rangeClosed(1, sorted.size())
        .filter(rank -> sorted.get(rank - 1) <= rate * rank / sorted.size())
        .mapToDouble(rank -> sorted.get(rank - 1))
        .max()
        .orElse(-1);
  }
}
