package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

  @ParameterizedTest
  @ValueSource(strings = {"report", "export", "doctor", "completion"})
  void everyCommandShowsAnExample(String command) {
    CommandRun run = CommandRun.of(command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: whatif " + command, "  whatif " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"report", "export"})
  void aMissingFileIsAUsageError(String command) {
    assertThat(CommandRun.of(command).exitCode()).isEqualTo(2);
  }
}
