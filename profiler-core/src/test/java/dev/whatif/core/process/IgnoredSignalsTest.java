package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.linux.Signal;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Signals that a program ignores are queued for threads that are traced, and throw any thread of
 * the process out of its call.
 */
@Requires(Requirement.GCC)
class IgnoredSignalsTest {

  private static final int SIGWINCH = 28;

  @Test
  void interruptNoCallWhileItIsStopped() throws InterruptedException {
    try (TracedProgram target =
            TracedProgram.ready(
                Programs.compiled("waiting.c", "-O1", "-pthread", "-lutil").toString(),
                "2",
                "epoll_wait",
                "recv-timeout",
                "semop",
                "accept");
        Tracer tracer = Tracer.of(target.pid())) {
      Thread sender = Thread.ofPlatform().start(() -> send(target));
      int stops = 0;
      try {
        while (target.spawn().running()) {
          tracer.stopAll(s -> s.threads().size());
          stops++;
          LockSupport.parkNanos(500_000);
        }
      } catch (TargetLostException e) {
        // it has done its work
      }
      sender.join();
      assertThat(stops).as("stops").isGreaterThan(100);
      assertThat(target.lines().stream().filter(line -> line.split(" ", -1).length == 4))
          .hasSize(4)
          .allSatisfy(line -> assertThat(line).matches("\\S+ [1-9]\\d* 0 0"));
    }
  }

  private static void send(TracedProgram target) {
    while (target.spawn().running()) {
      Signal.kill(target.pid(), SIGWINCH);
      LockSupport.parkNanos(1_000);
    }
  }
}
