package dev.whatif.ebpf.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Targets of every kind are entered and left again and again, while they work: no wrong result, no
 * EINTR, and in the end they look as before.
 */
@Requires({Requirement.GCC, Requirement.ROOT})
class VisitTest {

  private static final int DAILY = 20;
  private static final int LONG = 1000;

  @Test
  void oneThread() {
    visit(() -> SelfChecking.work(1, "epoll"), DAILY, true);
  }

  @Test
  void everyRole() {
    visit(() -> SelfChecking.crowd(SelfChecking.ALL_ROLES.length), DAILY, true);
  }

  @Test
  void aHundredThreads() {
    visit(() -> SelfChecking.crowd(100), DAILY / 4, true);
  }

  @Test
  void aFilterThatAllowsOurCalls() {
    visit(
        () -> SelfChecking.work("permissive", 4, "general", "epoll", "recv", "sleep"), DAILY, true);
  }

  @Test
  void withoutNewPrivilegesAndUndumpable() {
    visit(() -> SelfChecking.work("nonewprivs,undumpable", 2, "general", "epoll"), DAILY, true);
  }

  @Test
  void anotherUsersProcess() {
    visit(() -> SelfChecking.work("nobody", 2, "general", "epoll"), DAILY, true);
  }

  @Test
  @Requires(Requirement.NAMESPACES)
  void aPidNamespaceOfItsOwn() {
    visit(() -> SelfChecking.inPidNamespace(0, 2, "general", "epoll"), DAILY, true);
  }

  @Test
  void oneThatForksAndExecutes100TimesASecond() {
    visit(SelfChecking::forks, DAILY, false);
  }

  @Test
  @Requires(Requirement.MUSL)
  void musl() {
    visit(
        () -> SelfChecking.musl(6, "general", "epoll", "avx", "recv", "sleep", "creator"),
        DAILY,
        true);
  }

  @Test
  @Requires(Requirement.GO)
  void go() {
    visit(SelfChecking::go, DAILY, false);
  }

  @Test
  @Requires(Requirement.PYTHON)
  void python() {
    visit(SelfChecking::python, DAILY, false);
  }

  @Test
  void aJvm() {
    visit(() -> SelfChecking.jvm(JvmProgram.own()), DAILY, false);
  }

  @Test
  @Requires(Requirement.OLDER_JDK)
  void anOlderJvm() {
    visit(() -> SelfChecking.jvm(JvmProgram.older()), DAILY, false);
  }

  @Test
  void redis() throws Exception {
    visitRedis(DAILY);
  }

  @Tag("long")
  @Test
  void aThousandTimes() {
    System.out.println(visit(() -> SelfChecking.work(1, "epoll"), LONG, true));
    System.out.println(visit(() -> SelfChecking.crowd(8), LONG, true));
    System.out.println(visit(() -> SelfChecking.crowd(SelfChecking.ALL_ROLES.length), LONG, true));
    System.out.println(
        visit(
            () -> SelfChecking.work("permissive", 4, "general", "epoll", "recv", "sleep"),
            LONG,
            true));
    System.out.println(visit(SelfChecking::forks, LONG, false));
  }

  @Tag("long")
  @Test
  @Requires({Requirement.MUSL, Requirement.GO, Requirement.PYTHON, Requirement.OLDER_JDK})
  void aThousandTimesIntoOtherLanguages() {
    System.out.println(
        visit(() -> SelfChecking.musl(4, "general", "epoll", "avx", "recv"), LONG, true));
    System.out.println(visit(SelfChecking::go, LONG, false));
    System.out.println(visit(SelfChecking::python, LONG, false));
    System.out.println(visit(() -> SelfChecking.jvm(JvmProgram.own()), LONG, false));
    System.out.println(visit(() -> SelfChecking.jvm(JvmProgram.older()), LONG, false));
  }

  @Tag("long")
  @Test
  void redisAThousandTimes() throws Exception {
    System.out.println(visitRedis(LONG));
  }

  private static String visitRedis(int times) throws InterruptedException, java.io.IOException {
    try (RedisTraffic redis = RedisTraffic.start()) {
      redis.goesOn();
      Footprint before = connected(redis.pid());
      for (int i = 0; i < times; i++) {
        Work.ENTER.on(redis.pid());
        redis.isRight();
      }
      redis.goesOn();
      assertThat(Footprint.of(redis.pid())).isEqualTo(before);
      return "%d visits: redis, %d right answers".formatted(times, redis.answered());
    }
  }

  /** Once the last client's connection is accepted. */
  private static Footprint connected(int pid) throws InterruptedException {
    Footprint before = Footprint.of(pid);
    for (int i = 0; i < 100; i++) {
      Thread.sleep(50);
      Footprint now = Footprint.of(pid);
      if (now.equals(before)) {
        return now;
      }
      before = now;
    }
    throw new AssertionError("redis does not settle");
  }

  /**
   * @param steady whether its own files and mappings stay the same while it works
   */
  private static String visit(Supplier<SelfChecking> start, int times, boolean steady) {
    try (SelfChecking target = start.get()) {
      Footprint before = Footprint.of(target.pid());
      for (int i = 0; i < times; i++) {
        Work.ENTER.on(target.pid());
        target.isRight();
      }
      target.goesOn();
      Footprint after = Footprint.of(target.pid());
      assertThat(after.signals()).isEqualTo(before.signals());
      assertThat(after.mappings()).isEqualTo(before.mappings());
      assertThat(after.code()).isEqualTo(before.code());
      if (steady) {
        assertThat(after.files()).isEqualTo(before.files());
        assertThat(after.mask()).isEqualTo(before.mask());
      }
      return "%d visits: %s, %d threads".formatted(times, target, target.threads());
    }
  }
}
