package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardOutputTest {

  @TempDir Path folder;

  @Test
  void aFullDiskIsAFailure() throws IOException {
    StandardOutput output = new StandardOutput(new FileOutputStream("/dev/full"));
    new PrintStream(output, true, StandardCharsets.UTF_8).println("result");
    assertThat(output.failure()).hasValueSatisfying(why -> assertThat(why).contains("No space"));
  }

  @Test
  void aReaderThatHasSeenEnoughIsNone() {
    StandardOutput output =
        new StandardOutput(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
    stream.println("result");
    assertThat(stream.checkError()).isTrue();
    assertThat(output.failure()).isEmpty();
  }

  @Test
  void theCommandEndsWith3OnAFullDiskAndWith0WhenNobodyReads() throws Exception {
    assertThat(ended("'%s' %s >/dev/full")).isEqualTo(3);
    assertThat(ended("'%s' %s | true; exit ${PIPESTATUS[0]}")).isZero();
  }

  private int ended(String shell) throws Exception {
    Path err = folder.resolve("err");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String arguments =
        String.join(
            " ",
            List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                "'" + everything() + "'",
                Main.class.getName(),
                "--help"));
    Process bash =
        new ProcessBuilder("bash", "-c", shell.formatted(java, arguments))
            .redirectError(err.toFile())
            .start();
    int code = bash.waitFor();
    String said = Files.readString(err);
    assertThat(said).doesNotContain("Exception");
    assertThat(said.contains("cannot write the results: No space")).isEqualTo(code != 0);
    return code;
  }

  /** Class path and module path of this test, as one class path. */
  private static String everything() {
    return String.join(
        ":",
        Stream.of("java.class.path", "jdk.module.path")
            .map(p -> System.getProperty(p, ""))
            .filter(p -> !p.isEmpty())
            .toList());
  }
}
