package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What is frozen follows from the time that the region took, by the kernel's own count of the
 * thread's CPU time, while its CPU works and waits in turns.
 */
@Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
class ChargeTest {

  private static final int ROUNDS = 7;

  /** Of the mean over rounds: some 600 ticks in the region leave 3 % by chance. */
  private static final double TOLERANCE = 0.08;

  @Test
  void whatIsFrozenIsAPartOfTheCpuTimeThatTheRegionTook() {
    double[] frozen = new double[ROUNDS];
    try (Obedient program = Obedient.start("turns.c");
        Accounting accounting = Accounting.start(AccountingOptions.DEFAULT.withPeriod(401_000))) {
      accounting.admit(program.pid());
      accounting.region(0, program.region("hot"));
      program.ask("warm");
      for (int i = 0; i < ROUNDS; i++) {
        long before = accounting.frozenNanos();
        accounting.begin(0, 0.5, 0);
        long took = Long.parseLong(program.ask("go"));
        accounting.end();
        frozen[i] = (accounting.frozenNanos() - before) / (0.5 * took);
      }
    }
    assertThat(Arrays.stream(frozen).average().orElseThrow())
        .as("%s", Arrays.toString(frozen))
        .isBetween(1 - TOLERANCE, 1 + TOLERANCE);
  }
}
