package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever request a controller dies after, the target goes on, and the next one cleans up. */
@Requires({Requirement.GCC, Requirement.ROOT, Requirement.BPF})
class KilledControllerTest {

  /** Kills after the first request, the first + step-th and so on; returns how many there were. */
  private static int killAfterEach(EnteredProgram target, long first, int step) {
    String before = target.appearance();
    int kills = 0;
    for (long k = first; KilledController.dies(target.pid(), k); k += step) {
      target.requireWell();
      try (Injector again = Injector.enter(target.pid())) {
        assertThat(again.syscalls()).isEmpty();
      }
      assertThat(target.appearance()).as("after request " + k).isEqualTo(before);
      kills++;
    }
    target.requireWell();
    return kills;
  }

  @Test
  void oneThreadAfterSomeRequests() {
    try (EnteredProgram target = EnteredProgram.threads(0, 0, 0, 0)) {
      assertThat(killAfterEach(target, 5, 29)).isGreaterThan(4);
    }
  }

  @Test
  @Tag("long")
  void oneThreadAfterEveryRequest() {
    try (EnteredProgram target = EnteredProgram.threads(0, 0, 0, 0)) {
      assertThat(killAfterEach(target, 1, 1)).isGreaterThan(150);
    }
  }

  @Test
  @Tag("long")
  void oneComputingThreadAfterEveryRequest() {
    try (EnteredProgram target = EnteredProgram.threads(1, 0, 0, 0)) {
      assertThat(killAfterEach(target, 1, 3)).isGreaterThan(50);
    }
  }
}
