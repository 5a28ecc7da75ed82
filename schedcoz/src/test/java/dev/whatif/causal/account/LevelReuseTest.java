package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Levels of ended threads are used again, and none is lost. */
@Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
class LevelReuseTest {

  /** Threads alive at a time, and those whose last switch is still to come. */
  private static final int AT_A_TIME = 64;

  private static void bornAndEnded(String command, int atATime) {
    try (Obedient program = Obedient.start("many.c");
        Accounting accounting = Accounting.start(AccountingOptions.DEFAULT)) {
      accounting.admit(program.pid());
      List<Integer> before = tids(accounting);
      program.ask(command);
      assertThat(tids(accounting)).isEqualTo(before);
      assertThat(accounting.unlevelled()).isZero();
      long used = accounting.levelsEverUsed();
      assertThat(used).isBetween(before.size() + 1L, (long) before.size() + atATime);
      program.ask(command);
      // as many as are alive at a time, again
      assertThat(accounting.levelsEverUsed()).isLessThanOrEqualTo(before.size() + atATime);
      assertThat(tids(accounting)).isEqualTo(before);
    }
  }

  private static List<Integer> tids(Accounting accounting) {
    List<Integer> tids = List.of();
    for (int i = 0; i < 200; i++) { // who was waited for has not left its CPU for the last time yet
      tids = accounting.levels().all().stream().map(Levels.Level::tid).sorted().toList();
      if (tids.size() == 2) {
        break;
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    return tids;
  }

  @Test
  void twentyThousandThreads() {
    bornAndEnded("threads 20000", AT_A_TIME);
  }

  @Test
  void processesThatFork() {
    bornAndEnded("forks 8", (1 << 9) + AT_A_TIME);
  }
}
