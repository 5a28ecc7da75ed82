package dev.whatif.causal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.account.VisitCount;
import dev.whatif.causal.backend.SignalBackend;
import dev.whatif.causal.progress.ProgressPoint;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.TargetCode;
import dev.whatif.core.process.Spawn;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
    Spawn program =
        Spawn.running(
            List.of(Programs.compiled("shared_cpu.c", "-O2", "-g", "-pthread").toString()),
            SpawnHeader.Files.INHERITED);
    try (Accounting accounting = Accounting.start(OPTIONS);
        TargetCode code = TargetCode.of(List.of(program.pid()), DebugFiles.standard());
        SignalBackend backend = new SignalBackend(accounting)) {
      accounting.admit(program.pid());
      ProgressPoint point = ProgressPoint.attach(accounting, code, 0, Place.parse("step"));
      backend.follow();
      assertThat(backend.refusals()).isEmpty();
      double[] ratios = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        double alone = period(accounting, point, 0);
        ratios[i] = period(accounting, point, DELAY) / alone;
      }
      Arrays.sort(ratios);
      assertThat(ratios[ROUNDS / 2]).as("%s", Arrays.toString(ratios)).isBetween(0.95, 1.07);
    } finally {
      program.stop(Duration.ZERO);
    }
  }

  /** Virtual nanoseconds a visit. */
  private static double period(Accounting accounting, ProgressPoint point, double delay) {
    accounting.begin(-1, 0, delay);
    LockSupport.parkNanos(ROUND_NANOS);
    accounting.end();
    VisitCount seen = accounting.visits(point.number());
    LockSupport.parkNanos(PAUSE_NANOS);
    return (double) (seen.lastNanos() - seen.firstNanos()) / (seen.count() - 1);
  }
}
