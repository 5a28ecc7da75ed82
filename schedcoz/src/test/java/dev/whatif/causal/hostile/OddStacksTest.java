package dev.whatif.causal.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.Totals;
import dev.whatif.causal.hostile.HostileProcess.Outcome;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A signal frame is written only where its room is certain. */
@Requires({Requirement.GCC, Requirement.ROOT, Requirement.BPF})
class OddStacksTest {

  private static Accounting accounting;

  @BeforeAll
  static void start() {
    accounting = Experiments.accounting();
  }

  @AfterAll
  static void end() {
    accounting.close();
  }

  /** Experiments until something was seen; harm must never be. */
  private static void experiment(Path program, String variant, Predicate<Totals> seen) {
    Totals totals = null;
    for (double seconds : List.of(0.7, 3.0, 10.0)) {
      Outcome outcome;
      try (HostileProcess process =
          HostileProcess.start(program, seconds + 0.3, List.of("--variant", variant))) {
        try (Experiments experiments = new Experiments(accounting, process.pid())) {
          totals = experiments.run(seconds);
        }
        outcome = process.await();
      }
      assertThat(outcome.status()).as(outcome.said()).isZero();
      assertThat(outcome.eintr()).as(outcome.said()).isZero();
      if (seen.test(totals)) {
        return;
      }
    }
    throw new AssertionError(variant + ": " + totals);
  }

  @ParameterizedTest
  @ValueSource(strings = {"arena", "limit", "brief", "gone", "disarmed"})
  void whereItMayHaveNoRoomNoneIsSent(String variant) {
    experiment(HostileTarget.ODD_STACKS.executable(), variant, totals -> totals.noRoom() > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "vfork"})
  void whereItHasRoomThreadsArePaused(String variant) {
    experiment(HostileTarget.ODD_STACKS.executable(), variant, totals -> totals.pauses() > 0);
  }

  @Test
  @Requires(Requirement.MUSL)
  void anotherLibraryNotesItsStacksToo() {
    Path program = Programs.folder("hostile").resolve("odd_stacks_musl");
    HostileTarget.ODD_STACKS.compile("musl-gcc", program, List.of("-static"));
    experiment(program, "plain", totals -> totals.pauses() > 0 && totals.noRoom() == 0);
  }
}
