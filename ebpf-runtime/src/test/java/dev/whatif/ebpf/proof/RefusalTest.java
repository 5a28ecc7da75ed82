package dev.whatif.ebpf.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Signal;
import dev.whatif.core.process.ProcStat;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be entered is refused with a reason, and goes on as if nobody had asked. */
@Requires({Requirement.GCC, Requirement.ROOT})
class RefusalTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "strict, seccomp",
    "allowlist, seccomp",
    "trapmemfd, memfd_create",
    "refusememfd, memfd_create",
    "nofile, descriptor",
    "as, memory"
  })
  void aTargetThatShutsUsOut(String confinement, String reason) {
    try (SelfChecking target = SelfChecking.work(confinement, 2, "silent", "silent")) {
      refused(target, reason);
    }
  }

  @Test
  @Requires(Requirement.NAMESPACES)
  void noExecutableMemoryInItsPidNamespace() {
    try (SelfChecking target = SelfChecking.inPidNamespace(2, 2, "general", "epoll")) {
      refused(target, "memfd_noexec");
    }
  }

  /**
   * PR_SET_MDWE denies making memory executable afterwards; a file mapped executable from the start
   * is no gain. So it can be entered.
   */
  @ParameterizedTest
  @ValueSource(strings = {"mdwe", "nofsize"})
  void whatIsNoObstacle(String confinement) {
    try (SelfChecking target = SelfChecking.work(confinement, 2, "general", "epoll")) {
      Footprint before = Footprint.of(target.pid());
      Work.ENTER.on(target.pid());
      target.goesOn();
      assertThat(Footprint.of(target.pid())).isEqualTo(before);
    }
  }

  @Test
  void aStoppedProcessStaysStopped() throws InterruptedException {
    try (SelfChecking target = SelfChecking.work(2, "general", "sleep")) {
      Signal.kill(target.pid(), Signal.SIGSTOP);
      waitForState(target.pid(), 'T');
      try {
        Work.ENTER.on(target.pid());
      } catch (UnavailableException e) {
        assertThat(e).hasMessageContaining("stop"); // a reason is as good
      }
      Thread.sleep(20);
      assertThat(ProcStat.of(target.pid()).orElseThrow().state()).isEqualTo('T');
      Signal.kill(target.pid(), Signal.SIGCONT);
      target.goesOn();
    }
  }

  @Test
  void aProcessThatHasEnded() {
    int pid;
    try (SelfChecking target = SelfChecking.work(1, "general")) {
      pid = target.pid();
    }
    assertThatThrownBy(() -> Work.ENTER.on(pid)).isInstanceOf(TargetLostException.class);
  }

  @Test
  void oneThatIsKilledWhileWeAreInIt() {
    for (int i = 0; i < 5; i++) {
      try (SelfChecking target = SelfChecking.work(4, "general", "epoll", "creator", "sleep")) {
        long at = 2_000_000L * i;
        Thread.ofPlatform()
            .start(() -> {
              java.util.concurrent.locks.LockSupport.parkNanos(at);
              Signal.kill(target.pid(), Signal.SIGKILL);
            });
        long deadline = System.nanoTime() + 20_000_000_000L;
        assertThatThrownBy(
                () -> {
                  while (System.nanoTime() < deadline) {
                    Work.ENTER.on(target.pid());
                  }
                })
            .isInstanceOf(TargetLostException.class);
      }
    }
  }

  private static void waitForState(int pid, char state) throws InterruptedException {
    for (int i = 0; i < 1000 && ProcStat.of(pid).orElseThrow().state() != state; i++) {
      Thread.sleep(1);
    }
  }

  private static void refused(SelfChecking target, String reason) {
    Footprint before = Footprint.of(target.pid());
    assertThatThrownBy(() -> Work.ENTER.on(target.pid()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(reason);
    target.goesOn();
    assertThat(Footprint.of(target.pid())).isEqualTo(before);
  }
}
