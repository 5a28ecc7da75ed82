package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Sysctl;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.recording.Recording;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the machine or the user's rights set limits: it works with less, or says what to change.
 */
@Requires({Requirement.GCC, Requirement.PERF_EVENTS, Requirement.ROOT, Requirement.SETPRIV})
class RecordLimitsTest {

  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir Path folder;

  private static Spawn busy() {
    String program = Programs.compiled("threads.c", "-O1", "-pthread").toString();
    return Spawn.running(List.of(program, "steady"), SpawnHeader.Files.INHERITED);
  }

  private WhatifProcess after(List<String> prefix, String... arguments) {
    return WhatifProcess.after(prefix, folder, System.getProperty("jdk.module.path"), arguments);
  }

  @Test
  void anOrdinaryUserWhoMayLockNothingStillProfilesACommand() throws Exception {
    Path file = folder.resolve("a.jfr");
    Path program = Files.copy(Programs.compiled("proportions.c", "-O1"), folder.resolve("prop"));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> prefix =
        List.of(
            "prlimit", "--memlock=0:0", NOBODY.get(0), NOBODY.get(1), NOBODY.get(2), NOBODY.get(3));
    String modules = WhatifProcess.readableModules(folder);
    WhatifProcess whatif =
        WhatifProcess.after(
            prefix,
            folder,
            modules,
            "record",
            "--json",
            "-o",
            file.toString(),
            "--",
            program.toString(),
            "400");
    assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
    JsonNode json = JsonMapper.builder().build().readTree(whatif.out());
    boolean kernel = Sysctl.number("kernel.perf_event_paranoid").orElse(2) < 2;
    assertThat(json.get("kernelPermitted").asBoolean()).isEqualTo(kernel);
    assertThat(json.get("samples").asLong()).isGreaterThan(50);
    assertThat(sum(json, "samples", "lost", "missed", "unseenKernel")).isBetween(380L, 450L);
    assertThat(json.get("kernelShare").asDouble()).isBetween(0.0, 0.5);
    try (Recording recording = Recording.open(file)) {
      long free = Sysctl.number("kernel.perf_event_mlock_kb").orElseThrow() * 1024;
      assertThat(Long.parseLong(recording.environment().get("ring.bytes"))).isLessThan(free);
      assertThat(recording.environment().get("kernel.samples"))
          .startsWith(kernel ? "yes" : "not permitted");
    }
    // the report counts what the run has counted
    CommandRun report = CommandRun.of("report", file, "--json");
    JsonNode read = JsonMapper.builder().build().readTree(report.out());
    for (String count : List.of("samples", "lost", "missed", "unseenKernel")) {
      assertThat(read.get(count).asLong()).as(count).isEqualTo(json.get(count).asLong());
    }
    if (!kernel) {
      assertThat(CommandRun.of("report", file).out())
          .containsPattern("of the CPU time was in the kernel, where samples are not\\s+permitted");
      assertThat(whatif.err()).contains("where samples need root or perf_event_paranoid=1");
    }
  }

  @Test
  void theProcessOfAnotherUserIsNotPermitted() throws Exception {
    Spawn target = busy();
    try {
      String modules = WhatifProcess.readableModules(folder);
      Path file = folder.resolve("a.jfr");
      WhatifProcess whatif =
          WhatifProcess.after(
              NOBODY, folder, modules, "record", "-o", file.toString(), "-p", "" + target.pid());
      assertThat(whatif.end().exitStatus()).as(whatif.err()).isEqualTo(3);
      assertThat(whatif.err())
          .contains("not permitted to sample process " + target.pid())
          .contains("belongs to another user")
          .contains("run as root, or as the user it belongs to");
      assertThat(file).doesNotExist();
    } finally {
      target.stop(Duration.ZERO);
    }
  }

  @Test
  void tooFewOpenFilesAreSaidWithTheRemedy() throws Exception {
    Spawn target = busy();
    try {
      Path file = folder.resolve("a.jfr");
      WhatifProcess whatif =
          after(
              List.of("prlimit", "--nofile=200:200"),
              "record",
              "-o",
              file.toString(),
              "-p",
              "" + target.pid());
      assertThat(whatif.end().exitStatus()).as(whatif.err()).isEqualTo(3);
      assertThat(whatif.err())
          .contains("open files, and the limit is 200")
          .contains("raise it with: ulimit -n");
      assertThat(target.running()).isTrue();
    } finally {
      target.stop(Duration.ZERO);
    }
  }

  @Test
  void aDiskThatFillsUpEndsTheRunAndLeavesAReadableRecording() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("small"));
    Programs.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString());
    Spawn target = busy();
    Path file = mount.resolve("a.jfr");
    WhatifProcess whatif = after(List.of(), "record", "-o", file.toString(), "-p", pid(target));
    try {
      for (int i = 0; i < 400 && samples(file) == 0; i++) {
        Thread.sleep(50);
      }
      fill(mount.resolve("other"));
      assertThat(whatif.end().exitStatus()).as(whatif.err()).isEqualTo(3);
      assertThat(whatif.err()).contains("a.jfr: No space left on device").contains("Free space");
      assertThat(samples(file)).isPositive();
      try (Recording recording = Recording.open(file)) {
        assertThat(recording.damage()).isEmpty();
      }
      assertThat(target.running()).isTrue();
    } finally {
      whatif.spawn().stop(Duration.ZERO);
      target.stop(Duration.ZERO);
      Programs.run("umount", mount.toString());
    }
  }

  private static long sum(JsonNode json, String... names) {
    return Stream.of(names).mapToLong(n -> json.get(n).asLong()).sum();
  }

  private static String pid(Spawn target) {
    return Integer.toString(target.pid());
  }

  private static long samples(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return 0;
    }
    try (Recording recording = Recording.open(file)) {
      return recording.samples().count();
    }
  }

  /** Writes until nothing more fits. */
  private static void fill(Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
