package dev.whatif.causal.analysis;

import dev.whatif.causal.experiment.Gate;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import java.util.ArrayList;
import java.util.List;

/**
 * From what experiments saw to a causal profile.
 *
 * <p>Pure: the same observations and options give the same profile. Fast enough to be called every
 * second of a run.
 */
public final class CausalAnalysis {

  private CausalAnalysis() {}

  /**
   * Analyses a run, or what there is of it.
   *
   * @param observations in any order; those with a flaw count as discarded, and so do those in
   *     which other programs disturbed the target far more than usual ({@link Gate})
   * @param options how
   */
  public static CausalProfile of(List<Observation> observations, AnalysisOptions options) {
    List<Observation> gated = Gate.apply(observations);
    List<Observation> usable = gated.stream().filter(Observation::usable).toList();
    Refusals refusals = Refusals.of(usable);
    List<ProgressProfile> progress = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    boolean settled = false;
    for (String point : points(observations)) {
      for (Measure measure : measures(usable, point)) {
        Ranking ranking = Ranking.of(usable, point, measure, options, refusals);
        warnings.addAll(progress.isEmpty() ? ranking.warnings() : List.of());
        settled |= progress.isEmpty() && ranking.settled();
        progress.add(ranking.profile());
      }
    }
    return new CausalProfile(progress, Qualities.of(gated, warnings), settled);
  }

  private static List<String> points(List<Observation> observations) {
    return observations.stream()
        .flatMap(seen -> seen.visits().stream().map(Visits::point))
        .distinct()
        .toList();
  }

  /** A point that is timed is timed first, and counted too. */
  private static List<Measure> measures(List<Observation> usable, String point) {
    boolean timed =
        usable.stream()
            .flatMap(seen -> seen.visits().stream())
            .anyMatch(visits -> visits.point().equals(point) && visits.latencies().count() > 0);
    return timed
        ? List.of(
            Measure.LATENCY_MEAN, Measure.LATENCY_P50, Measure.LATENCY_P99, Measure.THROUGHPUT)
        : List.of(Measure.THROUGHPUT);
  }
}
