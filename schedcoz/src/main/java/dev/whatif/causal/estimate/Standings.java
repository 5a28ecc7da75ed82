package dev.whatif.causal.estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who is ahead, and whether that is decided.
 *
 * @param ranked names, the largest impact first
 * @param settled whether each of the first places is surely ahead of all that follow, or surely
 *     within {@link #EQUAL} of them
 * @param hopeless who surely is behind the last of the first places
 */
public record Standings(List<String> ranked, boolean settled, List<String> hopeless) {

  /** Places that have to be settled. */
  public static final int PLACES = 3;

  /** Impacts that differ by no more than that are as good as equal. */
  public static final double EQUAL = 0.02;

  /**
   * Compares everybody with everybody.
   *
   * @param estimates by name
   * @param level of error that this look may spend, for all comparisons together
   */
  public static Standings of(Map<String, CurveEstimate> estimates, double level) {
    List<String> ranked = new ArrayList<>(estimates.keySet());
    ranked.sort((a, b) -> Double.compare(impact(estimates, b), impact(estimates, a)));
    int places = Math.min(PLACES, ranked.size());
    int comparisons = 0;
    for (int place = 0; place < places; place++) {
      comparisons += ranked.size() - place - 1;
    }
    double each = level / Math.max(comparisons, 1);
    boolean settled = !ranked.isEmpty();
    List<String> hopeless = new ArrayList<>();
    for (int place = 0; place < places; place++) {
      for (int behind = place + 1; behind < ranked.size(); behind++) {
        CurveEstimate.Difference ahead =
            known(estimates, ranked.get(place)).minus(known(estimates, ranked.get(behind)));
        boolean sure = ahead.pValue() <= each;
        settled &= sure || ahead.within(EQUAL);
        if (sure && place == PLACES - 1) {
          hopeless.add(ranked.get(behind));
        }
      }
    }
    return new Standings(ranked, settled, hopeless);
  }

  private static double impact(Map<String, CurveEstimate> estimates, String name) {
    return known(estimates, name).impact();
  }

  private static CurveEstimate known(Map<String, CurveEstimate> estimates, String name) {
    return Objects.requireNonNull(estimates.get(name));
  }
}
