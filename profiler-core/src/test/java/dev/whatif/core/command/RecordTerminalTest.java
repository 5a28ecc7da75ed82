package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a terminal: the launched command can be worked with as if it had been started alone. */
@Requires({Requirement.SCRIPT, Requirement.PERF_EVENTS})
class RecordTerminalTest {

  @TempDir Path folder;

  private Process onTerminal(String... command) throws IOException {
    List<String> whatif =
        new ArrayList<>(WhatifProcess.java(System.getProperty("jdk.module.path")));
    whatif.addAll(List.of("record", "-o", folder.resolve("a.jfr").toString(), "--"));
    whatif.addAll(List.of(command));
    // exec: some shells stay as the parent, and their exit status after Ctrl-C would be their own.
    String line =
        whatif.stream()
            .map(w -> "'" + w.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" ", "exec ", ""));
    return new ProcessBuilder("script", "-qec", line, "/dev/null")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("screen").toFile())
        .start();
  }

  private String screen() throws IOException {
    return Files.readString(folder.resolve("screen"));
  }

  private void until(String shown) throws Exception {
    for (int i = 0; i < 1000 && !screen().contains(shown); i++) {
      Thread.sleep(20);
    }
  }

  private int end(Process script) throws Exception {
    try {
      assertThat(script.waitFor(20, TimeUnit.SECONDS)).as(screen()).isTrue();
      return script.exitValue();
    } finally {
      script.descendants().forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly();
    }
  }

  @Test
  void aCommandMayReadTheTerminal() throws Exception {
    Process script = onTerminal("sh", "-c", "echo re''ady; read word; echo it is $word");
    try (OutputStream keyboard = script.getOutputStream()) {
      until("ready");
      keyboard.write("blue\n".getBytes(StandardCharsets.US_ASCII));
      keyboard.flush();
      assertThat(end(script)).as(screen()).isZero();
    }
    assertThat(screen()).contains("it is blue").contains("sh ended with exit status 0");
  }

  @Test
  void controlCEndsBothAndTheRecordingIsWhole() throws Exception {
    Process script = onTerminal("sh", "-c", "echo re''ady; while :; do :; done");
    try (OutputStream keyboard = script.getOutputStream()) {
      until("ready");
      Thread.sleep(200);
      keyboard.write(3);
      keyboard.flush();
      assertThat(end(script)).as(screen()).isZero();
    }
    assertThat(screen()).contains("sh was ended by signal 2").contains("a.jfr");
  }
}
