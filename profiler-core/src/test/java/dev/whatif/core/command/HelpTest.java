package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

  @ParameterizedTest
  @ValueSource(strings = {"record", "report", "export", "doctor", "completion"})
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

  @Test
  void withoutACommandAllAreListed() {
    CommandRun run = CommandRun.of();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("record ", "report ", "doctor ", "whatif demo");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "recrod               | there is no command 'recrod'         | whatif record",
        "record --raet 3      | there is no option --raet            | --rate",
        "record --stacks foo  | one of unwind, fp, leaf but was 'foo' | whatif record --help",
        "record -d soon       | 'soon' is no duration                | whatif record --help",
        "report               | missing required parameter: 'FILE'   | whatif report --help",
        "export x --format y  | one of collapsed, pprof              | whatif export --help",
      })
  void aTypoGetsAShortAnswer(String typed, String what, String remedy) {
    CommandRun run = CommandRun.of((Object[]) typed.strip().split(" +"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("whatif: ").contains(what, remedy);
    assertThat(run.err().lines().count()).isLessThanOrEqualTo(4);
  }

  @Test
  void everyCommandKnowsTheVersion() {
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      assertThat(CommandRun.of(command, "--version").out()).startsWith("whatif ");
    }
  }
}
