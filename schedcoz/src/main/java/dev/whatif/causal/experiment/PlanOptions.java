package dev.whatif.causal.experiment;

import java.util.List;

/**
 * What a run is to find out.
 *
 * @param seed of all that is random in it
 * @param regions to be made faster, in the order of their names' first mention
 * @param speedups to be tried, each 0 to 1; 0 asks for A/A experiments, which there are in any case
 * @param controlShare part of wall time for which everybody is delayed in the negative control,
 *     above 0, below 1
 * @param looks when it may be judged
 */
public record PlanOptions(
    long seed, List<String> regions, List<Double> speedups, double controlShare, Looks looks) {

  /** Copies the lists and refuses what cannot be tried. */
  public PlanOptions {
    regions = List.copyOf(regions);
    speedups = speedups.stream().filter(speedup -> speedup > 0).sorted().distinct().toList();
    if (regions.isEmpty() || speedups.isEmpty()) {
      throw new IllegalArgumentException("no region or no speedup above 0: nothing to try");
    }
    if (!(controlShare > 0 && controlShare < 1)) {
      throw new IllegalArgumentException("a control share of " + controlShare);
    }
  }
}
