package dev.whatif.samples.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs print at their end. */
class TruthVisitsTest {

  @Test
  void visitsAndLatencyAreRead() {
    TruthVisits read = TruthVisits.parse("visits 400 seconds 2.000000\nlatency 1485.1 us\n");
    assertThat(read.visits()).isEqualTo(400);
    assertThat(read.period()).isEqualTo(0.005);
    assertThat(read.latencyMicros()).hasValue(1485.1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "visits",
        "visits x seconds 1",
        "visits 0 seconds 0.000000",
        "visits 1 seconds 1.2.3",
        "visits 99999999999999999999 seconds 1"
      })
  void anythingElseIsRefused(String output) {
    assertThatThrownBy(() -> TruthVisits.parse(output)).isInstanceOf(BadDataException.class);
  }
}
