package dev.whatif.causal.report;

import dev.whatif.causal.analysis.AnalysisOptions;
import dev.whatif.causal.analysis.CausalAnalysis;
import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.Measure;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.Quality;
import dev.whatif.causal.experiment.Observation;
import java.util.ArrayList;
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

  /**
   * The same with a result: when it ended before its analysis, as a killed one does, the analysis
   * is made now, of all that it had seen.
   */
  public CausalRun analysed() {
    if (profile.isPresent() || observations.isEmpty()) {
      return this;
    }
    CausalProfile late =
        CausalAnalysis.of(observations, AnalysisOptions.ended(facts.seed(), facts.looks()));
    Quality q = late.quality();
    List<String> warnings = new ArrayList<>(q.warnings());
    warnings.addFirst(
        "the run was ended before its analysis, which was made now of what it had recorded");
    Quality warned =
        new Quality(
            q.contention(),
            q.kernelFraction(),
            q.maxDebtNanos(),
            q.meanDebtNanos(),
            q.experiments(),
            q.discarded(),
            q.slowdown(),
            warnings);
    CausalProfile result = new CausalProfile(late.progress(), warned, late.settled());
    return new CausalRun(target, facts, observations, Optional.of(result));
  }

  /** What should make a reader careful, one sentence each, with what to do. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    profile.ifPresent(result -> {
      warnings.addAll(result.quality().warnings());
      result.progress().forEach(p -> VisitCosts.warning(this, p).ifPresent(warnings::add));
    });
    return warnings;
  }

  /** The first ranking by visits per second; empty when there is none. */
  public Optional<ProgressProfile> firstThroughput() {
    return profile.stream()
        .flatMap(p -> p.progress().stream())
        .filter(p -> p.measure() == Measure.THROUGHPUT)
        .findFirst();
  }
}
