package dev.whatif.causal.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Cgroups;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a run ends, its target is as it was. */
@Tag("long")
@Requires({Requirement.GCC, Requirement.ROOT, Requirement.BPF})
class EndsTest {

  @TempDir Path folder;

  private WhatifProcess causal(String... arguments) {
    return WhatifProcess.causal(folder, arguments);
  }

  private static void requireNoTrace(WhatifProcess whatif) {
    assertThat(whatif.err()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @Test
  void afterARunWithChildrenComingEveryProcessLooksAsBefore() {
    try (SteadyTarget target = SteadyTarget.start(1, "coming")) {
      String before = SteadyTarget.looks(target.pid());
      try (WhatifProcess whatif =
          causal("--tree", "" + target.pid(), "--progress", "step", "--region", "hot")) {
        target.awaitEntered();
        LockSupport.parkNanos(2_000_000_000L);
        whatif.interrupt();
        assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
        requireNoTrace(whatif);
      }
      assertThat(target.pids()).hasSizeGreaterThan(2);
      target.requireClean();
      assertThat(SteadyTarget.looks(target.pid())).isEqualTo(before);
      target.requireWell(4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1500})
  void ctrlCIsANormalEnd(int millis) {
    try (SteadyTarget target = SteadyTarget.start(1)) {
      List<String> arguments =
          new ArrayList<>(List.of("--tree", "" + target.pid(), "--progress", "step"));
      if (millis > 1000) {
        arguments.addAll(List.of("--region", "hot")); // else it looks for regions, first
      }
      try (WhatifProcess whatif = causal(arguments.toArray(String[]::new))) {
        target.awaitEntered();
        LockSupport.parkNanos(millis * 1_000_000L);
        whatif.interrupt();
        assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
        requireNoTrace(whatif);
      }
      target.requireClean();
      target.requireWell(4);
    }
  }

  @Test
  void aTargetMayBeKilledInTheMiddle() {
    try (SteadyTarget target = SteadyTarget.start(1)) {
      try (WhatifProcess whatif =
          causal("--tree", "" + target.pid(), "--progress", "step", "--region", "hot")) {
        target.awaitEntered();
        LockSupport.parkNanos(500_000_000);
        target.kill();
        assertThat(whatif.end().exitStatus()).as(whatif.err()).isIn(0, 4);
        requireNoTrace(whatif);
        assertThat(whatif.recordings()).hasSize(whatif.end().exitStatus() == 0 ? 1 : 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLaunchedCommandEndsOrIsLeft(boolean leave) throws IOException {
    Path rounds = Files.write(folder.resolve("rounds"), new byte[4096]);
    String program = SteadyTarget.program().toString();
    String option = leave ? "--leave" : "--quiet";
    try (WhatifProcess whatif =
        causal(
            "--progress",
            "step",
            "--region",
            "hot",
            "-d",
            "8s",
            option,
            "--",
            program,
            rounds.toString(),
            "0")) {
      assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
      requireNoTrace(whatif);
    }
    var left = ProcessHandle.allProcesses().filter(p -> looksLike(p.pid(), rounds)).toList();
    try {
      assertThat(left).hasSize(leave ? 1 : 0);
      left.forEach(p ->
          assertThat(SteadyTarget.looks((int) p.pid()))
              .doesNotContain("memfd:whatif")
              .containsPattern("SigCgt:\t0000000[01]"));
    } finally {
      left.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static boolean looksLike(long pid, Path rounds) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains(rounds.toString());
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @Requires(Requirement.CGROUPS)
  void whoJoinsAControlGroupIsDelayedAndLetGo() throws IOException {
    Path group =
        Files.createDirectory(Cgroups.root().orElseThrow().resolve("whatif-harm-" + Cgroups.pid()));
    try {
      try (SteadyTarget first = SteadyTarget.start(0);
          SteadyTarget second = SteadyTarget.start(0)) {
        Files.writeString(group.resolve("cgroup.procs"), first.pid() + "\n");
        try (WhatifProcess whatif =
            causal("--cgroup", group.toString(), "--progress", "step", "--region", "hot")) {
          first.awaitEntered();
          Files.writeString(group.resolve("cgroup.procs"), second.pid() + "\n");
          second.awaitEntered();
          whatif.interrupt();
          assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
          requireNoTrace(whatif);
        }
        first.requireClean();
        second.requireClean();
        first.requireWell(2);
        second.requireWell(2);
      }
    } finally {
      remove(group);
    }
  }

  private static void remove(Path group) throws IOException {
    for (int i = 0; ; i++) {
      try {
        Files.delete(group);
        return;
      } catch (IOException e) {
        if (i == 100) {
          throw e; // its processes end a moment after they were killed
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  @Test
  void whoCannotBeEnteredIsNamedAndTheOthersAreDelayed() {
    try (SteadyTarget target = SteadyTarget.start(2, "sealed")) {
      try (WhatifProcess whatif =
          causal("--tree", "" + target.pid(), "--progress", "step", "--region", "hot")) {
        target.awaitEntered();
        LockSupport.parkNanos(2_000_000_000L);
        whatif.interrupt();
        assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
        requireNoTrace(whatif);
        assertThat(whatif.err())
            .containsPattern("process \\d+ was not delayed: .*(seccomp|filter)");
      }
      target.requireClean();
      target.requireWell(6);
    }
  }
}
