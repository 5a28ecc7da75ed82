package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.linux.Signal;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.UserRegisters;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracerTest {

  private static final long NR_GETPID = 39;
  private static final long NR_CLOCK_NANOSLEEP = 230;

  private final java.util.ArrayList<Spawn> children = new java.util.ArrayList<>();

  private Spawn start(String... command) {
    Spawn child =
        Spawn.running(
            List.of(command),
            new SpawnHeader.Files(List.of(), Programs.folder("tracer").resolve("out").toString()));
    children.add(child);
    return child;
  }

  private Spawn asleep(String... command) {
    Spawn child = start(command);
    await(() -> TaskStatus.of(child.pid()).orElseThrow().state() == 'S');
    return child;
  }

  private static void await(BooleanSupplier condition) {
    for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @AfterEach
  void end() {
    children.forEach(c -> c.stop(Duration.ZERO));
  }

  @Test
  void aStoppedThreadMakesACallOfOursAndGoesOnWithItsOwn() {
    Spawn sleep = asleep("sleep", "0.7");
    await(() -> wchan(sleep.pid()).contains("nanosleep"));
    long start = System.nanoTime();
    try (Tracer tracer = Tracer.of(sleep.pid())) {
      long result =
          tracer.stopAll(stopped -> {
            StoppedThread thread = stopped.threads().getFirst();
            assertThat(thread.syscall()).isEqualTo(SyscallState.RESTART_BLOCK);
            UserRegisters before = thread.registers();
            assertThat(before.origRax()).isEqualTo(NR_CLOCK_NANOSLEEP);
            byte[] code = new byte[2];
            stopped.read(before.rip() - 2, code);
            assertThat(code).containsExactly(0x0f, 0x05);
            return getpid(stopped);
          });
      assertThat(result).isEqualTo(sleep.pid());
    }
    await(() -> !sleep.running());
    assertThat(sleep.ended().orElseThrow().exitStatus()).isZero();
    // the sleep went on where it was: neither cut short nor begun anew for ever
    assertThat(System.nanoTime() - start).isGreaterThan(300_000_000L);
  }

  private static String wchan(int pid) {
    try {
      return java.nio.file.Files.readString(Path.of("/proc/" + pid + "/wchan"));
    } catch (java.io.IOException e) {
      return "";
    }
  }

  @Test
  @Requires(Requirement.GCC)
  void threadsThatComeAndGoAreAllStopped() {
    Spawn threads = start(Programs.compiled("threads.c", "-pthread").toString());
    await(() -> ProcTasks.threads(threads.pid()).size() > 2);
    try (Tracer tracer = Tracer.of(threads.pid())) {
      for (int i = 0; i < 50; i++) {
        tracer.stopAll(stopped -> {
          List<Integer> seen = stopped.threads().stream().map(StoppedThread::tid).toList();
          for (int tid : ProcTasks.threads(threads.pid())) {
            char state = ProcStat.of(tid).map(ProcStat::state).orElse('X');
            if ("ZX".indexOf(state) < 0) {
              assertThat(seen).contains(tid);
              assertThat(state).isEqualTo('t');
            }
          }
          return seen;
        });
      }
    }
    assertThat(threads.running()).isTrue();
    assertThat(TaskStatus.of(threads.pid()).orElseThrow().number("TracerPid")).isZero();
  }

  @Test
  void aProgramStoppedByCtrlZStaysStopped() {
    Spawn sleep = asleep("sleep", "100");
    Signal.kill(sleep.pid(), Signal.SIGSTOP);
    await(() -> ProcStat.of(sleep.pid()).orElseThrow().state() == 'T');
    try (Tracer tracer = Tracer.of(sleep.pid())) {
      assertThat(tracer.<Integer>stopAll(s -> s.threads().size())).isEqualTo(1);
    }
    await(() -> ProcStat.of(sleep.pid()).orElseThrow().state() == 'T');
    Signal.kill(sleep.pid(), Signal.SIGCONT);
    await(() -> ProcStat.of(sleep.pid()).orElseThrow().state() == 'S');
  }

  @Test
  void whatCannotBeTracedIsSaidWithAReason() {
    assertThatThrownBy(() -> Tracer.of(Integer.MAX_VALUE))
        .isInstanceOf(TargetLostException.class)
        .hasMessageContaining("no process");
    int self = (int) ProcessHandle.current().pid();
    assertThatThrownBy(() -> Tracer.of(self))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("whatif itself");
    int thread = ProcTasks.threads(self).stream().filter(t -> t != self).findFirst().orElseThrow();
    assertThatThrownBy(() -> Tracer.of(thread))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("thread of process " + self);
    assertThatThrownBy(() -> Tracer.of(2))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("kernel thread");
  }

  @Test
  void aProcessThatAnotherTracerHasIsLeftToIt() {
    Spawn sleep = asleep("sleep", "100");
    try (Tracer one = Tracer.of(sleep.pid());
        Tracer other = Tracer.of(sleep.pid())) {
      one.stopAll(stopped -> {
        assertThatThrownBy(() -> other.stopAll(s -> s))
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining("whatif");
        return 0;
      });
      assertThat(other.<Integer>stopAll(s -> s.threads().size())).isEqualTo(1);
    }
  }

  @Test
  void aTargetThatIsKilledWhileItIsStoppedIsLost() {
    Spawn sleep = asleep("sleep", "100");
    try (Tracer tracer = Tracer.of(sleep.pid())) {
      assertThatThrownBy(() ->
              tracer.stopAll(stopped -> {
                Signal.kill(sleep.pid(), Signal.SIGKILL);
                StoppedThread t = stopped.threads().getFirst();
                for (int i = 0; i < 1000; i++) {
                  t.signalMask();
                  LockSupport.parkNanos(1_000_000);
                }
                return 0;
              }))
          .isInstanceOf(TargetLostException.class);
    }
    await(() -> !sleep.running());
    assertThat(sleep.ended().orElseThrow().signal()).isEqualTo(Signal.SIGKILL);
  }

  @Test
  @Requires(Requirement.GCC)
  void aThreadThatWaitsForItsVforkedChildIsWaitedFor() {
    try (TracedProgram target =
            TracedProgram.ready(Programs.compiled("vforks.c").toString(), "30");
        Tracer tracer = Tracer.of(target.pid())) {
      for (int i = 0; i < 5; i++) {
        assertThat(tracer.<Integer>stopAll(s -> s.threads().size())).isEqualTo(1);
      }
    }
  }

  @Test
  @Requires(Requirement.GCC)
  void aThreadThatDoesNotStopIsNamedAndEverybodyIsFreeAgain() {
    try (TracedProgram target =
            TracedProgram.ready(Programs.compiled("vforks.c").toString(), "2000");
        Tracer tracer = Tracer.of(target.pid())) {
      assertThatThrownBy(() -> tracer.stopAll(s -> 0))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("thread %d of process %d".formatted(target.pid(), target.pid()))
          .hasMessageContaining("state D");
      TracedProgram.await(() -> TaskStatus.of(target.pid()).orElseThrow().number("TracerPid") == 0);
      assertThat(target.spawn().running()).isTrue();
    }
  }

  @Test
  @Requires(Requirement.GCC)
  void aProgramThatExecutesItselfFromAnyThreadComesToItsEnd() {
    try (TracedProgram target =
            TracedProgram.start(Programs.compiled("execs.c", "-pthread").toString(), "60");
        Tracer tracer = Tracer.of(target.pid())) {
      int stops = 0;
      while (target.spawn().running()) {
        try {
          tracer.stopAll(s -> s.threads().size());
          stops++;
        } catch (TargetLostException e) {
          // between two programs, or at its end
        }
        LockSupport.parkNanos(2_000_000);
      }
      assertThat(stops).isPositive();
      assertThat(target.lines()).containsExactly("done");
      assertThat(target.spawn().ended().orElseThrow().exitStatus()).isZero();
    }
  }

  @Test
  void aSecondWaiterForTheSameChildTakesNothingAway() throws Exception {
    Spawn sleep = asleep("sleep", "100");
    Thread waiter =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                sleep.running();
              }
            });
    try (Tracer tracer = Tracer.of(sleep.pid())) {
      for (int i = 0; i < 100; i++) {
        assertThat(tracer.<Integer>stopAll(s -> s.threads().size())).isEqualTo(1);
      }
    } finally {
      waiter.interrupt();
      waiter.join();
    }
    assertThat(sleep.running()).isTrue();
  }

  @Test
  void aStopThatArrivesDuringACallOfOursTakesPlaceAfterwards() {
    Spawn sleep = asleep("sleep", "100");
    await(() -> wchan(sleep.pid()).contains("nanosleep"));
    try (Tracer tracer = Tracer.of(sleep.pid())) {
      assertThat(
              tracer.<Long>stopAll(stopped -> {
                Signal.kill(sleep.pid(), Signal.SIGSTOP);
                return getpid(stopped);
              }))
          .isEqualTo(sleep.pid());
      await(() -> ProcStat.of(sleep.pid()).orElseThrow().state() == 'T');
      // and a program that is stopped already can make calls, too, and stays stopped
      assertThat(tracer.<Long>stopAll(TracerTest::getpid)).isEqualTo(sleep.pid());
      await(() -> ProcStat.of(sleep.pid()).orElseThrow().state() == 'T');
    }
    Signal.kill(sleep.pid(), Signal.SIGCONT);
    await(() -> ProcStat.of(sleep.pid()).orElseThrow().state() == 'S');
  }

  private static long getpid(Stopped stopped) {
    StoppedThread thread = stopped.threads().getFirst();
    UserRegisters before = thread.registers();
    long mask = thread.signalMask();
    thread.setSignalMask(-1L);
    long pid = thread.runSyscall(before.forSyscall(before.rip() - 2, NR_GETPID)).rax();
    thread.setRegisters(thread.resumption());
    thread.setSignalMask(mask);
    return pid;
  }

  @Test
  void aZombieIsLost() {
    Spawn ended = start("true");
    await(() -> ProcStat.of(ended.pid()).orElseThrow().state() == 'Z');
    assertThatThrownBy(() -> Tracer.of(ended.pid()))
        .isInstanceOf(TargetLostException.class)
        .hasMessageContaining("zombie");
  }

  @Test
  @Requires(Requirement.GDB)
  void aProcessUnderADebuggerIsLeftToIt() {
    Spawn sleep = asleep("sleep", "100");
    Spawn gdb = start("gdb", "-nx", "-batch", "-p", "" + sleep.pid(), "-ex", "shell sleep 20");
    await(() -> TaskStatus.of(sleep.pid()).orElseThrow().number("TracerPid") == gdb.pid());
    children.remove(gdb);
    children.addFirst(gdb); // ends first: it would keep the other's end to itself
    assertThatThrownBy(() -> Tracer.of(sleep.pid()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("gdb (pid " + gdb.pid() + ")");
  }
}
