package dev.whatif.ebpf.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever works on a target may die after any request: the target goes on with right results. */
@Requires({Requirement.GCC, Requirement.ROOT})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillTest {

  @ParameterizedTest
  @ValueSource(strings = {"general", "sleep", "epoll", "handler", "futex"})
  void afterAnyRequestOfAStopOneThread(String role) {
    try (SelfChecking target = SelfChecking.work(1, role);
        Controller controller = new Controller()) {
      System.out.println(role + " " + matrix(controller, Work.STOP, target, 1));
    }
  }

  @Test
  void crowd() {
    try (SelfChecking target = SelfChecking.crowd(8);
        Controller controller = new Controller()) {
      System.out.println(matrix(controller, Work.STOP, target, 1));
    }
  }

  private static long matrix(Controller controller, Work work, SelfChecking target, int step) {
    Footprint before = Footprint.of(target.pid());
    long k = 1;
    while (controller.dyingThread(work, target, k).died()) {
      target.goesOn();
      k += step;
    }
    target.goesOn();
    assertThat(Footprint.of(target.pid())).isEqualTo(before);
    return k - 1;
  }
}
