package dev.whatif.samples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.samples.truth.TruthProgram;
import dev.whatif.samples.truth.TruthSuite;
import dev.whatif.samples.truth.Workshop;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The short form of {@code whatif benchmark causal-truth}: a few seconds, next to other tests. It
 * would notice a prediction that has nothing to do with the program; how near predictions are is
 * measured by the command.
 */
@Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
class CausalTruthTest {

  private static final double SPEEDUP = 0.75;

  /** The program has both CPUs, and whatif must find its code before the first experiment. */
  private static final double SECONDS = 6;

  static List<TruthProgram> programs() {
    return TruthSuite.few();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aPredictionIsInTheRegionOfTheTruth(TruthProgram program) throws Exception {
    try (Workshop workshop = Workshop.open()) {
      CausalAnswer answer = new CausalRun(SECONDS, List.of(75), 1, List.of()).of(program, workshop);
      Optional<CausalAnswer.Point> point = answer.at(SPEEDUP);
      if (point.isEmpty()) {
        assertThat(answer.warnings()).as("a refusal says why").isNotEmpty();
      } else {
        double theory = program.theory().applyAsDouble(SPEEDUP);
        assertThat(point.get().effect()).isBetween(theory - 0.35, theory + 0.35);
        assertThat(point.get().visits()).isPositive();
      }
    }
  }
}
