package dev.whatif.causal.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever whatif is killed, its target works on, the kernel has nothing of it left. */
@Requires({Requirement.GCC, Requirement.ROOT, Requirement.BPF})
class KilledTest {

  private static final long SEED = 20_261_120;

  /** From the first message to the middle of experiments. */
  private static final int LATEST_MILLIS = 3000;

  @TempDir Path folder;

  /** The programs that a process holds in the kernel. */
  private static Set<String> programs(int pid) {
    Set<String> ids = new TreeSet<>();
    File[] files = new File("/proc/" + pid + "/fdinfo").listFiles();
    for (File file : files == null ? new File[0] : files) {
      try (var lines = Files.lines(file.toPath())) {
        lines
            .filter(l -> l.startsWith("prog_id:"))
            .forEach(l -> ids.add(l.substring("prog_id:".length()).strip()));
      } catch (IOException | UncheckedIOException e) {
        continue; // closed this moment
      }
    }
    return ids;
  }

  private static boolean isInKernel(Set<String> programs) throws IOException {
    String list = dev.whatif.testing.Programs.run("bpftool", "prog", "list");
    return programs.stream().anyMatch(id -> list.lines().anyMatch(l -> l.startsWith(id + ":")));
  }

  private void kill(int times) throws IOException {
    Random random = new Random(SEED);
    int inside = 0;
    try (SteadyTarget target = SteadyTarget.start(2)) {
      String before = SteadyTarget.looks(target.pid());
      for (int i = 0; i < times; i++) {
        try (WhatifProcess whatif = run(target)) {
          whatif.awaitSaid("looking for the code");
          int moment = random.nextInt(LATEST_MILLIS);
          LockSupport.parkNanos(moment * 1_000_000L);
          assertThat(whatif.running())
              .as("%d ms: %s %s", moment, whatif.spawn().ended(), whatif.err())
              .isTrue();
          Set<String> programs = programs(whatif.spawn().pid());
          whatif.kill();
          whatif.end();
          inside += SteadyTarget.looks(target.pid()).equals(before) ? 0 : 1;
          target.requireWell(6);
          assertThat(programs).as("%d ms: %s", moment, whatif.err()).isNotEmpty();
          for (int wait = 0; wait < 5000 && isInKernel(programs); wait++) {
            LockSupport.parkNanos(20_000_000); // freed by and by
          }
          assertThat(isInKernel(programs)).isFalse();
        }
      }
      try (WhatifProcess whatif = run(target)) {
        whatif.awaitSaid("looking for the code");
        LockSupport.parkNanos(LATEST_MILLIS * 1_000_000L);
        whatif.interrupt();
        assertThat(whatif.end().exitStatus()).as(whatif.err()).isZero();
      }
      target.requireClean();
      assertThat(SteadyTarget.looks(target.pid())).isEqualTo(before);
      target.requireWell(6);
    }
    assertThat(inside).as("kills while it was in the target").isPositive();
  }

  private WhatifProcess run(SteadyTarget target) {
    return WhatifProcess.causal(
        folder, "--tree", "" + target.pid(), "--progress", "step", "--region", "hot");
  }

  @Test
  void afterSomeMoments() throws IOException {
    kill(4);
  }

  @Test
  @Tag("long")
  void afterAHundredMoments() throws IOException {
    kill(100);
  }
}
