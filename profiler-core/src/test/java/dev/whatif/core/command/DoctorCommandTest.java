package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {

  @Test
  void theMachineIsDescribedRowByRow() {
    CommandRun run = CommandRun.of("doctor");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("this machine", "CPU sampling", "kernel BTF", "ptrace");
    assertThat(run.out().lines()).allMatch(l -> l.length() <= 100);
  }

  @Test
  void theJsonHasStatesForScripts() {
    JsonNode json = new JsonMapper().readTree(CommandRun.of("doctor", "--json").out());
    assertThat(json.get("schema").asString()).isEqualTo("whatif.doctor/1");
    for (JsonNode row : json.get("machine")) {
      assertThat(row.get("state").asString()).isIn("ok", "degraded", "unavailable");
      assertThat(row.get("finding").asString()).isNotBlank();
    }
    assertThat(json.has("process")).isFalse();
  }

  @Test
  void aProcessThatDoesNotExistIsExitCode4() {
    CommandRun run = CommandRun.of("doctor", "--pid", 4_194_303);
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("there is no process 4194303");
  }

  @Test
  void whatifItselfCannotBeAttachedTo() {
    CommandRun run = CommandRun.of("doctor", "--verbose", "--pid", ProcessHandle.current().pid());
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).contains("that is whatif itself", "libjvm.so", "a JVM");
  }

  @Test
  @Requires({Requirement.GCC, Requirement.BINUTILS})
  void aProgramSaysWhatItKnowsOfItself() throws Exception {
    Path full = Programs.compiled("spin.c", "-O1", "-g");
    JsonNode row = program(full);
    assertThat(row.get("state").asString()).isEqualTo("ok");
    assertThat(row.get("facts").get("symbols").asString()).isEqualTo(".symtab");
    assertThat(row.get("facts").get("lines").asString()).isEqualTo(".debug_line");
    assertThat(row.get("facts").get("unwind").asString()).isEqualTo(".eh_frame");
    assertThat(Programs.run("readelf", "-n", full.toString()))
        .contains(row.get("facts").get("buildId").asString());

    Path stripped = Programs.folder("doctor").resolve("stripped");
    Programs.run("objcopy", "--strip-all", full.toString(), stripped.toString());
    JsonNode bare = program(stripped);
    assertThat(bare.get("state").asString()).isEqualTo("degraded");
    assertThat(bare.get("remedy").asString()).contains("debug symbols");

    Path untabled = Programs.folder("doctor").resolve("untabled");
    Programs.run(
        "objcopy",
        "--remove-section=.eh_frame",
        "--remove-section=.eh_frame_hdr",
        Programs.compiled("spin.c", "-O1", "-static").toString(),
        untabled.toString());
    JsonNode blind = program(untabled);
    assertThat(blind.get("finding").asString()).contains("statically linked");
  }

  @Test
  @Requires({Requirement.GCC, Requirement.GDB, Requirement.ROOT})
  void aTracedProcessNamesItsTracer() throws Exception {
    Process target =
        new ProcessBuilder(Programs.compiled("spin.c", "-O1", "-g").toString()).start();
    Process gdb =
        new ProcessBuilder("gdb", "-q", "-nx", "-p", Long.toString(target.pid()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      CommandRun run = CommandRun.of("doctor", "--pid", target.pid());
      for (int i = 0; i < 200 && !run.out().contains("traces it"); i++) {
        Thread.sleep(50);
        run = CommandRun.of("doctor", "--pid", target.pid());
      }
      assertThat(run.out()).contains("gdb (pid " + gdb.pid() + ") traces it");
      assertThat(run.exitCode()).isEqualTo(3);
    } finally {
      gdb.destroyForcibly().waitFor();
      target.destroyForcibly().waitFor();
    }
  }

  private static JsonNode program(Path executable) throws IOException, InterruptedException {
    Process target = new ProcessBuilder(executable.toString()).start();
    try {
      CommandRun run = CommandRun.of("doctor", "--pid", target.pid(), "--json");
      assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
      for (JsonNode row : new JsonMapper().readTree(run.out()).get("process")) {
        if (row.get("name").asString().equals(executable.getFileName().toString())) {
          return row;
        }
      }
      throw new AssertionError("no row of " + executable + " in " + run.out());
    } finally {
      target.destroyForcibly().waitFor();
    }
  }
}
