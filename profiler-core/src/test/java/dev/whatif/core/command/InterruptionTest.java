package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterruptionTest {

  private final AtomicInteger acts = new AtomicInteger();

  @Test
  void aCommandThatIsStuckHasItsLastActDone() throws InterruptedException {
    try (Interruption stuck = new Interruption()) {
      stuck.lastAct(acts::incrementAndGet);
      assertThat(stuck.finishedWithin(Duration.ofMillis(1))).isFalse();
    }
    assertThat(acts).hasValue(1);
  }

  @Test
  void oneThatHasEndedHasNothingLeftToDo() throws InterruptedException {
    Interruption ended = new Interruption();
    ended.lastAct(acts::incrementAndGet);
    ended.close();
    assertThat(ended.finishedWithin(Duration.ofMillis(1))).isTrue();
    assertThat(acts).hasValue(0);
  }
}
