package dev.whatif.causal.analysis;

import dev.whatif.causal.experiment.Looks;

/**
 * How a run is analysed.
 *
 * @param seed of the bootstrap
 * @param resamples how often blocks are drawn, at least 1000 for a result, fewer for a glance
 * @param looks when significance may be judged; what was seen since the last one does not count
 *     towards it
 * @param ended whether the last block is complete and no other follows; a run that was ended before
 *     its planned time has seen the looks that were due
 */
public record AnalysisOptions(long seed, int resamples, Looks looks, boolean ended) {

  /** Resamples that make an interval's ends good to a hundredth of its width. */
  public static final int RESAMPLES = 2000;

  /** Refuses too few resamples. */
  public AnalysisOptions {
    if (resamples < 100) {
      throw new IllegalArgumentException(resamples + " resamples are too few");
    }
  }

  /** For a run that goes on. */
  public static AnalysisOptions live(long seed, Looks looks) {
    return new AnalysisOptions(seed, RESAMPLES / 4, looks, false);
  }

  /** For a run that has ended. */
  public static AnalysisOptions ended(long seed, Looks looks) {
    return new AnalysisOptions(seed, RESAMPLES, looks, true);
  }
}
