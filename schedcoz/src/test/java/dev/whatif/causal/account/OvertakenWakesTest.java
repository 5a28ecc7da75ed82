package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import org.junit.jupiter.api.Test;

/** Threads that wake each other from different CPUs, faster than they are switched out. */
@Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
class OvertakenWakesTest {

  private static final int GAME = 10_000;

  /**
   * What is frozen is granted in pieces of many rounds, in which the region takes no time at all;
   * so the other thread's way to sleep, a microsecond or two, is what such rounds wait for. It must
   * be little beside a round.
   */
  @Test
  void virtualTimeIsWallTimeLessWhatWasFrozen() {
    try (Obedient program = Obedient.start("many.c");
        Accounting accounting = Accounting.start(AccountingOptions.DEFAULT.withPeriod(300_000))) {
      accounting.admit(program.pid());
      accounting.region(0, program.region("hot"));
      program.attach(accounting, "visit_instruction", "step", 0);
      program.ask("game 100");
      Totals before = accounting.totals();
      for (int i = 0; i < 20 && accounting.totals().since(before).overtaken() == 0; i++) {
        accounting.begin(0, 0.5, 0);
        long frozen = accounting.frozenNanos();
        long wall = Long.parseLong(program.ask("game " + GAME));
        frozen = accounting.frozenNanos() - frozen;
        VisitCount steps = accounting.visits(0);
        assertThat(steps.count()).isEqualTo(GAME);
        double virtual = steps.lastNanos() - steps.firstNanos();
        assertThat(virtual / wall)
            .as("%d ns frozen of %d", frozen, wall)
            .isCloseTo(1 - (double) frozen / wall, within(0.02));
        assertThat(accounting.levels().mostOverpaidNanos()).isLessThan(1_000_000);
        accounting.end();
      }
      Totals seen = accounting.totals().since(before);
      assertThat(seen.overtaken()).as("none occurred here").isPositive();
      assertThat(seen.unexplained()).isLessThanOrEqualTo(2);
    }
  }
}
