package dev.whatif.samples.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UsageException;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every program can be compiled, runs for as long as it is told, and counts its visits. */
@Requires({Requirement.GCC, Requirement.GXX})
class TruthSuiteTest {

  private static Workshop workshop;

  @BeforeAll
  static void open() {
    workshop = Workshop.open();
  }

  @AfterAll
  static void close() {
    workshop.close();
  }

  static List<TruthProgram> programs() {
    return TruthSuite.all();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void runsAndCountsItsVisits(TruthProgram program) throws Exception {
    try (TruthProcess run = workshop.start(program, 0.5, 0.15)) {
      assertThat(run.pid()).isPositive();
      TruthVisits visits = run.await();
      assertThat(visits.visits()).isPositive();
      assertThat(visits.latencyMicros().isPresent()).isEqualTo(program.name().equals("open-loop"));
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theoryBeginsAtNothingAndSavesNoMoreThanAll(TruthProgram program) {
    assertThat(program.theory().applyAsDouble(0)).isZero();
    assertThat(program.theory().applyAsDouble(0.75)).isBetween(-1.0, 0.75);
  }

  @Test
  void aRegionThatIsALineIsTheMarkedOne() {
    TruthProgram lines = TruthSuite.named("lines");
    assertThat(lines.region()).isEqualTo("lines.c:6").isEqualTo(Workshop.regionLine(lines));
    assertThat(Workshop.regionLine(TruthSuite.named("library"))).startsWith("region.c:");
    assertThat(Workshop.regionLine(TruthSuite.named("lock"))).startsWith("truth.h:");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> TruthSuite.named("lok"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("lok")
        .satisfies(e -> assertThat(((UsageException) e).remedy()).contains("lock", "plateau"));
  }
}
