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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a run ends, its target is as it was. */
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
      String looked = SteadyTarget.looks(target.pid());
      try (WhatifProcess whatif =
          causal("--tree", "" + target.pid(), "--progress", "step", "--region", "hot")) {
        target.awaitEntered(whatif);
        List<Integer> before = target.pids();
        whatif.await(() -> target.entered(before) > 0); // one that has its entry from its parent
        whatif.interrupt();
        assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
        requireNoTrace(whatif);
      }
      assertThat(target.pids()).hasSizeGreaterThan(2);
      target.requireClean();
      assertThat(SteadyTarget.looks(target.pid())).isEqualTo(looked);
      target.requireWell(4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 600})
  void ctrlCIsANormalEnd(int millis) {
    try (SteadyTarget target = SteadyTarget.start(1)) {
      List<String> arguments =
          new ArrayList<>(List.of("--tree", "" + target.pid(), "--progress", "step"));
      if (millis > 500) {
        arguments.addAll(List.of("--region", "hot")); // else it looks for regions, first
      }
      try (WhatifProcess whatif = causal(arguments.toArray(String[]::new))) {
        target.awaitEntered(whatif);
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
        target.awaitEntered(whatif);
        LockSupport.parkNanos(500_000_000);
        target.kill();
        assertThat(whatif.end().exitStatus()).as(whatif.err()).isIn(0, 4);
        requireNoTrace(whatif);
        assertThat(whatif.recordings()).hasSize(whatif.end().exitStatus() == 0 ? 1 : 0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"--quiet, true", "--leave, false"})
  void aLaunchedCommandEndsOrIsLeft(String option, boolean interrupted) throws IOException {
    Path rounds = Files.write(folder.resolve("rounds"), new byte[4096]);
    List<String> arguments = new ArrayList<>(List.of("--progress", "step", "--region", "hot"));
    if (!interrupted) {
      arguments.addAll(List.of("-d", "3s"));
    }
    arguments.addAll(
        List.of(option, "--", SteadyTarget.program().toString(), rounds.toString(), "0"));
    try (WhatifProcess whatif = causal(arguments.toArray(String[]::new))) {
      if (interrupted) {
        whatif.await(() -> working(rounds).stream().anyMatch(p -> SteadyTarget.isEntered(p.pid())));
        whatif.interrupt();
      }
      assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
      requireNoTrace(whatif);
    }
    List<ProcessHandle> left = working(rounds);
    try {
      assertThat(left).hasSize(option.equals("--leave") ? 1 : 0);
      left.forEach(p ->
          assertThat(SteadyTarget.looks((int) p.pid()))
              .doesNotContain("memfd:whatif")
              .containsPattern("SigCgt:\t0000000[01]"));
    } finally {
      left.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Whatif has the file in its command line, too, but not at this place. */
  private static List<ProcessHandle> working(Path rounds) {
    return ProcessHandle.allProcesses().filter(p -> looksLike(p.pid(), rounds)).toList();
  }

  private static boolean looksLike(long pid, Path rounds) {
    try {
      String start = SteadyTarget.program() + "\0" + rounds + "\0";
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).startsWith(start);
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
          first.awaitEntered(whatif);
          Files.writeString(group.resolve("cgroup.procs"), second.pid() + "\n");
          second.awaitEntered(whatif);
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
        whatif.await(() -> target.entered(List.of()) == 2);
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
