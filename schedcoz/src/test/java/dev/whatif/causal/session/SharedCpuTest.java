package dev.whatif.causal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.account.VisitCount;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Threads that share a CPU: while one is paused another works there, so that the pause buys no time
 * from it, however briefly whoever was preempted had to wait. With samples more often than every
 * half millisecond that wait is mostly brief.
 */
@Requires({Requirement.ROOT, Requirement.GCC, Requirement.KERNEL_BTF, Requirement.PERF_EVENTS})
class SharedCpuTest {

  private static final AccountingOptions OPTIONS = AccountingOptions.DEFAULT.withPeriod(251_003);
  private static final int ROUNDS = 5;
  private static final double DELAY = 0.2;
  private static final long ROUND_NANOS = 500_000_000;

  /** Time for debts of a round before. */
  private static final long PAUSE_NANOS = 20_000_000;

  @Test
  void delayingAllOfThemAlikeChangesNothing() {
    try (DelayedProgram program = DelayedProgram.start("shared_cpu.c", "step", OPTIONS)) {
      double[] ratios = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        double alone = period(program, 0);
        ratios[i] = period(program, DELAY) / alone;
      }
      Arrays.sort(ratios);
      assertThat(ratios[ROUNDS / 2]).as("%s", Arrays.toString(ratios)).isBetween(0.95, 1.07);
    }
  }

  /** Virtual nanoseconds a visit. */
  private static double period(DelayedProgram program, double delay) {
    Accounting accounting = program.accounting();
    accounting.begin(-1, 0, delay);
    LockSupport.parkNanos(ROUND_NANOS);
    accounting.end();
    VisitCount seen = accounting.visits(program.point().number());
    LockSupport.parkNanos(PAUSE_NANOS);
    return (double) (seen.lastNanos() - seen.firstNanos()) / (seen.count() - 1);
  }
}
