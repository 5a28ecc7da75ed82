package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.experiment.Arm;
import java.util.Optional;

/**
 * How far a run is.
 *
 * @param doing what it does before its experiments, for people: {@code "calibrating"}; empty from
 *     the first experiment on
 * @param elapsedNanos since its begin
 * @param totalNanos that it takes in all; {@link Long#MAX_VALUE} when it ends by Ctrl-C only
 * @param experiments that were made
 * @param visitsPerSecond at the first progress point; NaN while unknown
 * @param current what is tried now; empty between experiments
 * @param profile what is known so far; empty while that is nothing
 */
public record LiveState(
    String doing,
    long elapsedNanos,
    long totalNanos,
    int experiments,
    double visitsPerSecond,
    Optional<Arm> current,
    Optional<CausalProfile> profile) {

  /** What is tried, in a few words; empty when nothing is. */
  String trying() {
    return current
        .map(arm ->
            switch (arm.kind()) {
              case BASELINE -> "measuring the baseline";
              case SPEEDUP ->
                  "trying %s %s faster"
                      .formatted(Numbers.name(arm.region()), Numbers.whole(arm.speedup()));
              case CONTROL -> "delaying everybody, as a control";
            })
        .orElse("");
  }
}
