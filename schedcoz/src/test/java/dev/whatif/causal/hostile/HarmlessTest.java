package dev.whatif.causal.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.Totals;
import dev.whatif.causal.hostile.HostileProcess.Outcome;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that are hard on a profiler are delayed in experiments, and are none the worse. */
@Requires({Requirement.GCC, Requirement.ROOT, Requirement.BPF})
class HarmlessTest {

  /** Whether anybody is paused depends on who else uses the machine; harm must never be. */
  private static final List<Double> SECONDS = List.of(1.2, 4.0, 10.0);

  private static Accounting accounting;

  @BeforeAll
  static void start() {
    accounting = Experiments.accounting();
  }

  @AfterAll
  static void end() {
    accounting.close();
  }

  @ParameterizedTest
  @EnumSource
  void experimentsDoNoHarm(HostileTarget target) {
    Totals totals = null;
    for (double seconds : SECONDS) {
      totals = experiment(target, seconds);
      boolean paused = totals.pauses() > 0;
      boolean spared = totals.unpausable() > 0;
      if (switch (target) {
        case COROUTINES, DEEP_COROUTINES -> paused && totals.noRoom() > 0;
        case SIGNALS_BLOCKED -> paused && spared;
        case LATE_SIGACTION -> paused || spared; // its signals are its own very soon
        default -> paused;
      }) {
        return;
      }
    }
    throw new AssertionError("nobody was paused, or nobody spared: " + totals);
  }

  private static Totals experiment(HostileTarget target, double seconds) {
    Totals totals;
    Outcome outcome;
    try (HostileProcess process = target.start(seconds + 0.4)) {
      try (Experiments experiments = new Experiments(accounting, process.pid())) {
        totals = experiments.run(seconds);
      }
      outcome = process.await();
    }
    assertThat(outcome.status()).as(outcome.said()).isZero();
    assertThat(outcome.eintr()).as(outcome.said()).isZero();
    assertThat(outcome.visits()).as(outcome.said()).isPositive();
    return totals;
  }
}
