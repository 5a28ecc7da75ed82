package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Virtual time travels from who causes to who is caused: A runs region X, is credited half of it,
 * and hands over to B. If B continues where A stood, the virtual time between both is the wall time
 * between both. If B was woken by somebody else it still owes what A was credited.
 */
@Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
class HandOverTest {

  private static final int ROUNDS = 5;
  private static final AccountingOptions OPTIONS = AccountingOptions.DEFAULT.withPeriod(400_000);

  /**
   * Rounds of a mechanism.
   *
   * @param late by how much more virtual than wall time passed between giving and taking, as a part
   *     of what was frozen meanwhile: the median round
   * @param least the smallest
   * @param virtual time between both, nanoseconds: the smallest
   * @param owed the most that anybody was credited too much: must not be
   */
  private record Seen(double late, double least, long virtual, long owed) {}

  private static Seen rounds(String mechanism) {
    return rounds(mechanism, OPTIONS);
  }

  private static Seen rounds(String mechanism, AccountingOptions options) {
    double[] late = new double[ROUNDS];
    long virtual = Long.MAX_VALUE;
    long overpaid = 0;
    try (Obedient program = Obedient.start("handover.c", mechanism);
        Accounting accounting = Accounting.start(options)) {
      accounting.admit(program.pid());
      accounting.region(0, program.region("hot"));
      program.attach(accounting, "visit_instruction", "gives", 0);
      program.attach(accounting, "visit_instruction", "takes", 1);
      program.ask("warm");
      for (int i = 0; i < ROUNDS; i++) {
        accounting.begin(0, 0.5, 0);
        long before = accounting.frozenNanos();
        long wall = Long.parseLong(program.ask("go"));
        long frozen = accounting.frozenNanos() - before;
        VisitCount gave = accounting.visits(0);
        VisitCount took = accounting.visits(1);
        assertThat(gave.count()).as("gives").isEqualTo(1);
        assertThat(took.count()).as("takes").isEqualTo(1);
        assertThat(frozen).as("half of 20 ms or more").isBetween(7_000_000L, 30_000_000L);
        long between = took.firstNanos() - gave.firstNanos();
        late[i] = (double) (between - wall) / frozen;
        virtual = Math.min(virtual, between);
        overpaid = Math.max(overpaid, accounting.levels().mostOverpaidNanos());
        accounting.end();
      }
      assertThat(accounting.unlevelled()).isZero();
    }
    Arrays.sort(late);
    return new Seen(late[ROUNDS / 2], late[0], virtual, overpaid);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pipe",
        "condition",
        "unix",
        "tcp",
        "epoll",
        "wait",
        "sigchld",
        "fork",
        "create",
        "join"
      })
  void whoeverIsCausedContinuesWhereTheCauseStood(String mechanism) {
    Seen seen = rounds(mechanism);
    assertThat(seen.late()).as("%s", seen).isBetween(-0.03, 0.03);
    assertThat(seen.virtual()).as("%s", seen).isPositive();
    assertThat(seen.owed()).as("nobody has paid more than was frozen").isLessThan(1_000_000);
  }

  /** The packet's way, where the kernel's counters are not to be had. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "pipe"})
  void theSameWhereWhatCpusDoIsFollowedByPrograms(String mechanism) {
    Seen seen = rounds(mechanism, OPTIONS.withoutReadingContext());
    assertThat(seen.late()).as("%s", seen).isBetween(-0.03, 0.03);
    assertThat(seen.owed()).as("nobody has paid more than was frozen").isLessThan(1_000_000);
  }

  /** A timer's interrupt, not whoever it interrupts. */
  @Test
  void timersAreNobodysWhereWhatCpusDoIsFollowedByPrograms() {
    assertThat(rounds("timer", OPTIONS.withoutReadingContext()).late()).isBetween(-0.03, 0.03);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relay"})
  void whoeverIsWokenFromOutsideOwesEverything(String mechanism) {
    Seen seen = rounds(mechanism);
    assertThat(seen.late()).as("%s", seen).isBetween(0.9, 1.05);
  }

  /** It sleeps and takes by itself: what it was credited before is still its own. */
  @Test
  void aSleeperKeepsWhatItWasCredited() {
    assertThat(rounds("timer").late()).isBetween(-0.03, 0.03);
  }

  /** A thread that ended in silence, later in virtual time than who joins it. */
  @Test
  void joiningOneThatHasEndedDoesNotGetAheadOfItsEnd() {
    assertThat(rounds("ended").virtual()).isPositive();
  }
}
