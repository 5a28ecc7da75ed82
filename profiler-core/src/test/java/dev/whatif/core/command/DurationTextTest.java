package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationTextTest {

  @Test
  void unitsAreThoseOfTheManual() {
    assertThat(DurationText.parse("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(DurationText.parse("10s")).isEqualTo(Duration.ofSeconds(10));
    assertThat(DurationText.parse("10")).isEqualTo(Duration.ofSeconds(10));
    assertThat(DurationText.parse("1.5m")).isEqualTo(Duration.ofSeconds(90));
    assertThat(DurationText.parse("1h")).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "-1s", "10 s", "s", "1d", "1e9s", "99999999999s"})
  void anythingElseIsRefusedInWords(String text) {
    assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(TypeConversionException.class);
  }
}
