package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** On a busy machine a stop is given up before every thread has had its turn on a CPU. */
@Requires(Requirement.GCC)
class StragglersTest {

  @Test
  void aStopThatIsGivenUpInterruptsNoCall() throws InterruptedException {
    AtomicInteger givenUp = new AtomicInteger();
    try (TracedProgram target =
        TracedProgram.ready(
            Programs.compiled("waiting.c", "-O1", "-pthread", "-lutil").toString(), "1")) {
      while (target.spawn().running()) {
        Thread attempt = new Thread(() -> givenUp.addAndGet(giveUp(target.pid())));
        attempt.start();
        attempt.join(); // with it, what is still seized is let go
        LockSupport.parkNanos(2_000_000);
      }
      assertThat(givenUp.get()).as("stops given up").isPositive();
      for (String line : target.lines()) {
        String[] words = line.split(" ", -1);
        if (words.length == 4) {
          assertThat(words[2]).as(words[0] + ": EINTR").isEqualTo("0");
        }
      }
    }
  }

  private static int giveUp(int pid) {
    try (Stop stop = new Stop(pid)) {
      try {
        return stop.catchAll(Duration.ZERO).isEmpty() ? 0 : 1;
      } finally {
        stop.release();
      }
    } catch (TargetLostException e) {
      return 0; // it has done its work
    }
  }
}
