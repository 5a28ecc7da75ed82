package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnTest {

  @TempDir Path folder;

  private SpawnHeader.Files to(String name) {
    return new SpawnHeader.Files(List.of(), folder.resolve(name).toString());
  }

  private static Wait.Status endOf(Spawn child) {
    for (int i = 0; i < 4000 && child.running(); i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    return child.ended().orElseThrow();
  }

  @Test
  void aHeldProgramHasDoneNothingUntilItIsReleased() throws Exception {
    Spawn child =
        Spawn.held(List.of("sh", "-c", "echo $0 \"$1\"; exit 3", "a b", "c'd"), to("out"));
    try {
      assertThat(ProcStat.of(child.pid()).orElseThrow().state()).isEqualTo('T');
      assertThat(Files.readString(folder.resolve("out"))).isEmpty();
      child.release();
      assertThat(endOf(child).exitStatus()).isEqualTo(3);
      assertThat(Files.readString(folder.resolve("out"))).isEqualTo("a b c'd\n");
    } finally {
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void onceReleasedItIsTheProgramAndNotTheShellThatHeldIt() throws Exception {
    for (int i = 0; i < 20; i++) {
      Spawn child = Spawn.held(List.of("sleep", "100"), to("out"));
      try {
        child.release();
        assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/maps"))).contains("sleep");
      } finally {
        child.stop(Duration.ZERO);
      }
    }
  }

  @Test
  void signalsAreAtTheirDefaultsAndTheGroupIsItsOwn() throws Exception {
    Spawn child =
        Spawn.running(
            List.of(
                "sh", "-c", "grep -E 'Sig(Blk|Ign)' /proc/self/status; exec cat /proc/self/stat"),
            to("out"));
    endOf(child);
    String out = Files.readString(folder.resolve("out"));
    assertThat(out).contains("SigBlk:\t0000000000000000").contains("SigIgn:\t0000000000000000");
    assertThat(out).containsPattern("\\(cat\\) . \\d+ " + child.pid() + " ");
  }

  @Test
  void itGetsNoFilesOfThisProcessButTheThreeStreams() throws Exception {
    Spawn child = Spawn.running(List.of("ls", "/proc/self/fd"), to("out"));
    assertThat(endOf(child).exitStatus()).isZero();
    // 3 is the folder that ls reads
    assertThat(Files.readString(folder.resolve("out")).split("\n"))
        .containsExactly("0", "1", "2", "3");
  }

  @Test
  void oneThatIgnoresTheRequestIsKilled() {
    Spawn child =
        Spawn.running(List.of("sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"), to("o"));
    java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
    assertThat(child.running()).isTrue();
    assertThat(child.stop(Duration.ofMillis(200)).signal()).isEqualTo(9);
  }

  @Test
  void whatDoesNotExistIsSaidSo() {
    assertThatThrownBy(
            () -> Spawn.held(List.of("no-such-program-here"), SpawnHeader.Files.INHERITED))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no-such-program-here");
    assertThatThrownBy(() -> Target.pids(Integer.MAX_VALUE))
        .isInstanceOf(TargetLostException.class)
        .hasMessageContaining("no process " + Integer.MAX_VALUE);
    int self = (int) ProcessHandle.current().pid();
    int thread = ProcTasks.threads(self).stream().filter(t -> t != self).findFirst().orElseThrow();
    assertThatThrownBy(() -> Target.pids(thread))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("thread of process " + self);
    assertThatThrownBy(() -> Target.cgroup(Path.of("no/such/group")))
        .isInstanceOf(UsageException.class);
  }
}
