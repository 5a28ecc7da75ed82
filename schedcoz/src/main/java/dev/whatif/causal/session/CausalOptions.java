package dev.whatif.causal.session;

import dev.whatif.core.place.Level;
import dev.whatif.core.place.Place;
import java.time.Duration;
import java.util.List;

/**
 * What a run is asked to do.
 *
 * @param progress where visits count; at least one
 * @param regions whose code is made faster; none: those with the most samples
 * @param level of regions that are found
 * @param scope which code can become a region: a glob of an object, a function or a source file
 *     must match; none: all
 * @param exclude which cannot
 * @param speedups to be tried, 0 to 1
 * @param seed of everything random
 * @param maxSlowdown part of the run for which the target may be delayed
 * @param duration at most
 */
public record CausalOptions(
    List<Place> progress,
    List<Place> regions,
    Level level,
    List<Glob> scope,
    List<Glob> exclude,
    List<Double> speedups,
    long seed,
    double maxSlowdown,
    Duration duration) {

  /** Copies the lists. */
  public CausalOptions {
    progress = List.copyOf(progress);
    regions = List.copyOf(regions);
    scope = List.copyOf(scope);
    exclude = List.copyOf(exclude);
    speedups = List.copyOf(speedups);
  }

  /** Whether code may become a region by its names. */
  boolean admits(List<String> names) {
    return (scope.isEmpty() || scope.stream().anyMatch(g -> names.stream().anyMatch(g::matches)))
        && exclude.stream().noneMatch(g -> names.stream().anyMatch(g::matches));
  }
}
