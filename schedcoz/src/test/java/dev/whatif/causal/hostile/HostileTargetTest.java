package dev.whatif.causal.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.hostile.HostileProcess.Outcome;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The targets themselves: clean when left alone, and not blind. */
@Requires(Requirement.GCC)
class HostileTargetTest {

  @ParameterizedTest
  @EnumSource
  void nothingIsWrongWithOneThatIsLeftAlone(HostileTarget target) {
    try (HostileProcess process = target.start(0.3)) {
      Outcome outcome = process.await();
      assertThat(outcome.status()).as(outcome.said()).isZero();
      assertThat(outcome.eintr()).as(outcome.said()).isZero();
      assertThat(outcome.visits()).as(outcome.said()).isPositive();
    }
  }

  @Test
  void aSignalFrameOnASmallStackIsSeen() {
    try (HostileProcess process = HostileTarget.COROUTINES.startSpoilt(0.5)) {
      Outcome outcome = process.await();
      assertThat(outcome.status()).isNotZero();
    }
  }

  @Test
  void anInterruptedCallIsCounted() {
    try (HostileProcess process = HostileTarget.WAITING.startSpoilt(2)) {
      Outcome outcome = process.await();
      assertThat(outcome.eintr()).as(outcome.said()).isPositive();
    }
  }
}
