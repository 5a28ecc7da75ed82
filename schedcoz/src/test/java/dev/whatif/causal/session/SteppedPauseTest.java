package dev.whatif.causal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.account.Totals;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A thread that hardly does anything but pass a probed instruction which the kernel steps: signals
 * are held back meanwhile (uprobe_deny_signal, kernel/events/uprobes.c), and are delivered
 * elsewhere than they were sent for. A pause that is lost in this way is not waited for.
 */
@Requires({Requirement.ROOT, Requirement.GCC, Requirement.KERNEL_BTF, Requirement.PERF_EVENTS})
class SteppedPauseTest {

  private static final double DELAY = 0.2;
  private static final long UNTIL_ONE_WAS_LOST_NANOS = 2_000_000_000L;
  private static final long JUDGED_NANOS = 1_000_000_000L;

  @Test
  void aThreadGoesOnBeingPausedWhenItsSignalsAreHeldBack() {
    try (DelayedProgram program =
        DelayedProgram.start("stepped.c", "stepped", AccountingOptions.DEFAULT)) {
      Accounting accounting = program.accounting();
      accounting.begin(-1, 0, DELAY);
      LockSupport.parkNanos(UNTIL_ONE_WAS_LOST_NANOS);
      Totals before = accounting.totals();
      long frozen = accounting.frozenNanos();
      LockSupport.parkNanos(JUDGED_NANOS);
      Totals seen = accounting.totals().since(before);
      frozen = accounting.frozenNanos() - frozen;
      assertThat(accounting.visits(program.point().number()).count()).isGreaterThan(10_000);
      assertThat(seen.pausedNanos() / (double) frozen)
          .as("paused of what was frozen: %s", seen)
          .isBetween(0.7, 1.3);
    }
  }
}
