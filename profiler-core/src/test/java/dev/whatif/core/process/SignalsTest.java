package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

@Requires(Requirement.GCC)
class SignalsTest {

  private static long[] row(TracedProgram target, String name) {
    return target.lines().stream()
        .filter(l -> l.startsWith(name + " "))
        .map(l ->
            Arrays.stream(l.substring(name.length() + 1).split(" "))
                .mapToLong(Long::parseLong)
                .toArray())
        .findFirst()
        .orElseThrow(() -> new AssertionError(target.printed()));
  }

  @Test
  void signalsOfAStoppedProgramAreNeitherLostNorDoubledAndStillInterruptCalls() {
    try (TracedProgram target =
            TracedProgram.ready(Programs.compiled("signals.c", "-O1", "-pthread").toString(), "2");
        Tracer tracer = Tracer.of(target.pid())) {
      int stops = 0;
      try {
        while (target.spawn().running()) {
          tracer.stopAll(s -> {
            LockSupport.parkNanos(300_000); // time for signals to come meanwhile
            return s.threads().size();
          });
          stops++;
          LockSupport.parkNanos(1_000_000);
        }
      } catch (TargetLostException e) {
        // it has done its work
      }
      assertThat(stops).isGreaterThan(100);
      long[] numbered = row(target, "numbered");
      assertThat(numbered[1]).as("received of " + numbered[0]).isEqualTo(numbered[0]);
      assertThat(numbered[0]).isGreaterThan(500);
      assertThat(numbered[2]).as("out of order").isZero();
      long[] alarms = row(target, "alarms");
      assertThat(alarms[1]).as("alarms of " + alarms[0]).isEqualTo(alarms[0]);
      long[] interruptions = row(target, "interruptions");
      assertThat(interruptions[1]).as("handled of " + interruptions[0]).isEqualTo(interruptions[0]);
      // One that comes between the kernel's decision to make the call again and the call interrupts
      // nothing; SIGSTOP and SIGCONT leave the same gap. It is too narrow to be hit twice in a run.
      assertThat(interruptions[2])
          .as("calls of %d that a signal did not interrupt", interruptions[0])
          .isLessThanOrEqualTo(1);
      assertThat(interruptions[3]).as("EINTR without a handler").isZero();
    }
  }
}
