package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.Signal;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.recording.Recording;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command as users run it: in a JVM of its own. */
@Requires({Requirement.GCC, Requirement.PERF_EVENTS})
class RecordCommandTest {

  @TempDir Path folder;

  private Spawn whatif(String... arguments) {
    return WhatifProcess.start(folder, arguments).spawn();
  }

  private static Wait.Status end(Spawn child) {
    return new WhatifProcess(child, Path.of("")).end();
  }

  private Spawn busy() {
    String program = Programs.compiled("threads.c", "-O1", "-pthread").toString();
    return Spawn.running(List.of(program, "steady"), SpawnHeader.Files.INHERITED);
  }

  /** Of the chunks that are finished; 0 also before there are any. */
  private static long samples(Path file) throws Exception {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return 0;
    }
    try (Recording recording = Recording.open(file)) {
      return recording.samples().count();
    }
  }

  private String read(String name) throws Exception {
    return Files.readString(folder.resolve(name));
  }

  @Test
  void aLaunchedCommandIsMeasuredToItsEndAndItsStatusReported() throws Exception {
    String program = Programs.compiled("proportions.c", "-O1").toString();
    Path file = folder.resolve("a.jfr");
    Spawn whatif = whatif("record", "--json", "-o", file.toString(), "--", program, "300");
    assertThat(end(whatif).exitStatus()).as(read("err")).isZero();
    JsonNode json = JsonMapper.builder().build().readTree(read("out"));
    assertThat(json.get("schema").asString()).isEqualTo("whatif.record/1");
    assertThat(json.get("exitStatus").asInt()).isEqualTo(7);
    assertThat(json.get("samples").asLong()).isBetween(200L, 400L);
    assertThat(json.get("recording").asString()).isEqualTo(file.toString());
    assertThat(read("err")).endsWith(file + "\n").contains("ended with exit status 7");
    assertThat(
            Programs.run(System.getProperty("java.home") + "/bin/jfr", "summary", file.toString()))
        .contains("jdk.ExecutionSample");
  }

  @Test
  void killedItLeavesTheTargetAloneAndTheRecordingReadable() throws Exception {
    Spawn target = busy();
    Path file = folder.resolve("a.jfr");
    Spawn whatif = whatif("record", "-o", file.toString(), "-p", "" + target.pid());
    try {
      for (int i = 0; i < 300 && samples(file) == 0; i++) {
        Thread.sleep(100);
      }
      Signal.kill(whatif.pid(), Signal.SIGKILL);
      end(whatif);
      Thread.sleep(100);
      assertThat(target.running()).isTrue();
      assertThat(samples(file)).isPositive();
    } finally {
      whatif.stop(Duration.ZERO);
      target.stop(Duration.ZERO);
    }
  }

  @Test
  void aRequestToEndIsANormalEnd() throws Exception {
    Spawn target = busy();
    Path file = folder.resolve("a.jfr");
    Spawn whatif = whatif("record", "-o", file.toString(), "-p", "" + target.pid());
    try {
      for (int i = 0; i < 6000 && (!Files.exists(file) || Files.size(file) < 4_000); i++) {
        Thread.sleep(10);
      }
      Signal.kill(whatif.pid(), Signal.SIGTERM);
      Wait.Status status = end(whatif);
      assertThat(status.exited()).isTrue();
      assertThat(status.exitStatus()).as(read("err")).isZero();
      assertThat(read("err")).endsWith(file + "\n");
      assertThat(target.running()).isTrue();
      try (Recording recording = Recording.open(file)) {
        assertThat(recording.damage()).isEmpty();
        assertThat(recording.environment()).containsKey("end");
      }
    } finally {
      whatif.stop(Duration.ZERO);
      target.stop(Duration.ZERO);
    }
  }

  @Test
  void failuresHaveTheirExitCodesAndRemedies() throws Exception {
    assertThat(end(whatif("record", "-p", "2147483647")).exitStatus()).isEqualTo(4);
    assertThat(read("err")).contains("no process 2147483647").contains("ps -e");
    assertThat(end(whatif("record")).exitStatus()).isEqualTo(2);
    assertThat(read("err")).contains("no target is named");
    assertThat(end(whatif("record", "--", "no-such-program")).exitStatus()).isEqualTo(2);
  }
}
