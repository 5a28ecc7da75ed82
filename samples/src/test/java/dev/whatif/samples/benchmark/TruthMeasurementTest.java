package dev.whatif.samples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.samples.truth.TruthProgram;
import dev.whatif.samples.truth.TruthSuite;
import dev.whatif.samples.truth.Workshop;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real runs obey theory: generously, because other tests run beside them. */
@Requires(Requirement.GCC)
class TruthMeasurementTest {

  @ParameterizedTest
  @CsvSource({"single, 0.375", "lines, 0.375"})
  void whatIsSavedIsWhatTheoryPromises(String name, double expected) throws Exception {
    TruthProgram program = TruthSuite.named(name);
    try (Workshop workshop = Workshop.open()) {
      TruthMeasurement measurement = new TruthMeasurement(workshop, program, List.of(0.75));
      for (int block = 0; block < 3; block++) {
        measurement.block(0.3);
      }
      TruthMeasurement.Truth truth = measurement.truths().getFirst();
      assertThat(truth.effect()).isBetween(expected - 0.25, expected + 0.25);
      assertThat(truth.low()).isLessThanOrEqualTo(truth.effect());
      assertThat(truth.high()).isGreaterThanOrEqualTo(truth.effect());
    }
  }
}
