package dev.whatif.causal.analysis;

import java.util.List;

/**
 * The result of a run.
 *
 * @param progress per progress point and measure, the user's first one first
 * @param quality how far it can be trusted
 * @param settled whether the three first places of the first ranking would stay the same with more
 *     experiments, as far as the planned looks can tell
 */
public record CausalProfile(List<ProgressProfile> progress, Quality quality, boolean settled) {

  /** Copies the list. */
  public CausalProfile {
    progress = List.copyOf(progress);
  }
}
