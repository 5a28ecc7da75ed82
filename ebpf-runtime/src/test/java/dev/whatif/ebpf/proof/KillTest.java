package dev.whatif.ebpf.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever enters a target may die after any request, and the target goes on with right results, can
 * be entered again, and is in the end what it was.
 */
@Requires({Requirement.GCC, Requirement.ROOT})
class KillTest {

  private static final Controller CONTROLLER = new Controller();

  @AfterAll
  static void end() {
    CONTROLLER.close();
  }

  private interface Death {
    Controller.Outcome at(SelfChecking target, long k);
  }

  private static final Death THREAD = (t, k) -> CONTROLLER.dyingThread(Work.ENTER, t, k);
  private static final Death PROCESS = (t, k) -> CONTROLLER.killed(Work.ENTER, t, k);

  @Test
  void afterEveryRequestToAProcessOfOneThread() {
    try (SelfChecking target = SelfChecking.work(1, "handler")) {
      afterEvery(target, 1, 1, THREAD);
    }
  }

  @Test
  void afterSomeRequestsToAProcessOf8Threads() {
    try (SelfChecking target = SelfChecking.crowd(8)) {
      afterEvery(target, 1, 23, THREAD);
    }
  }

  @Test
  void afterSomeRequestsToAProcessOf100Threads() {
    try (SelfChecking target = SelfChecking.crowd(100)) {
      afterEvery(target, 150, 430, THREAD);
    }
  }

  @Test
  void bySigkillAfterSomeRequests() {
    try (SelfChecking target = SelfChecking.work(1, "avx512")) {
      afterEvery(target, 17, 40, PROCESS);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "general",
        "floating",
        "avx",
        "avx512",
        "handler",
        "calls",
        "creator",
        "yield",
        "sleep",
        "deadline",
        "poll",
        "select",
        "epoll",
        "futex",
        "signal",
        "sem",
        "recv",
        "accept",
        "pipe",
        "forever",
        "message",
        "ppoll"
      })
  void afterEveryRequestToEveryKindOfThread(String role) {
    try (SelfChecking target = SelfChecking.work(1, role)) {
      System.out.println(role + ": " + afterEvery(target, 1, 1, THREAD));
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"general", "sleep", "epoll", "handler", "futex"})
  void bySigkillAfterEveryRequestOneThread(String role) {
    try (SelfChecking target = SelfChecking.work(1, role)) {
      System.out.println(afterEvery(target, 1, 1, PROCESS));
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(ints = {8, 100})
  void bySigkillAfterEveryRequest(int threads) {
    try (SelfChecking target = SelfChecking.crowd(threads)) {
      System.out.println(afterEvery(target, 1, 1, PROCESS));
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(ints = {8, 100})
  void afterEveryRequest(int threads) {
    try (SelfChecking target = SelfChecking.crowd(threads)) {
      System.out.println(afterEvery(target, 1, 1, THREAD));
    }
  }

  /** Each entry finds what the death before it has left: so entering again is part of each step. */
  private static String afterEvery(SelfChecking target, long first, int step, Death death) {
    Footprint before = Footprint.of(target.pid());
    long deaths = 0;
    long eintr = 0;
    for (long k = first; death.at(target, k).died(); k += step) {
      eintr = target.goesOnWithoutItsTracer();
      deaths++;
    }
    Controller.Outcome whole = CONTROLLER.complete(Work.ENTER, target);
    assertThat(target.goesOnWithoutItsTracer()).as("EINTR with nobody dying").isEqualTo(eintr);
    assertThat(deaths).as("deaths before the last request").isPositive();
    assertThat(Footprint.of(target.pid())).isEqualTo(before);
    return "%d deaths, %d requests a visit, %d EINTR: %s, %d threads"
        .formatted(deaths, whole.requests(), eintr, target, target.threads());
  }
}
