package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {

  @TempDir static Path folder;

  @Test
  void bashAcceptsTheScript() throws IOException {
    assertThat(Programs.run("bash", "-n", script().toString())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "whatif rep            | report",
        "whatif report --js    | --json",
        "whatif export --for   | --format",
        "whatif doctor --p     | --pid",
        "whatif completion z   | zsh"
      })
  void bashCompletes(String typed, String expected) throws IOException {
    String[] words = typed.strip().split(" ");
    // What readline does: words, the index of the last one, the function, its answers.
    String simulation =
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; _complete_whatif; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(script(), typed.strip(), words.length - 1, typed.strip());
    assertThat(Programs.run("bash", "-c", simulation).lines().map(String::strip))
        .contains(expected.strip());
  }

  private static Path script() throws IOException {
    CommandRun run = CommandRun.of("completion");
    assertThat(run.exitCode()).isZero();
    return Files.writeString(folder.resolve("whatif.bash"), run.out());
  }
}
