package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.Measure;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.experiment.Observation;
import java.util.List;
import java.util.Optional;

/**
 * A run as a recording has it.
 *
 * @param target what was profiled, for people
 * @param facts what it was asked to do
 * @param observations of all experiments, also of those that must not be used, in their order
 * @param profile what came out; empty when the run ended before its analysis
 */
public record CausalRun(
    String target,
    RunFacts facts,
    List<Observation> observations,
    Optional<CausalProfile> profile) {

  /** Copies the observations. */
  public CausalRun {
    observations = List.copyOf(observations);
  }

  /** From the beginning of the first experiment to the end of the last, in nanoseconds. */
  public long durationNanos() {
    if (observations.isEmpty()) {
      return 0;
    }
    Observation last = observations.getLast();
    return Math.max(0, last.startNanos() + last.wallNanos() - observations.getFirst().startNanos());
  }

  /** Visits per second of the user's first point, whose regions head every output. */
  public Optional<ProgressProfile> firstThroughput() {
    return profile.stream()
        .flatMap(p -> p.progress().stream())
        .filter(p -> p.measure() == Measure.THROUGHPUT)
        .findFirst();
  }
}
