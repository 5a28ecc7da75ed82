package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Ptrace;
import dev.whatif.core.linux.WaitId;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

@Requires(Requirement.GCC)
class InterruptedCallsTest {

  private static final String SECONDS = "2";

  /** What one call of the target came to. */
  private record Row(long calls, long interrupted, long wrong) {}

  private static TracedProgram target() {
    return TracedProgram.ready(
        Programs.compiled("waiting.c", "-O1", "-pthread", "-lutil").toString(), SECONDS);
  }

  private static Map<String, Row> rows(TracedProgram target) {
    Map<String, Row> result = new TreeMap<>();
    for (String line : target.lines()) {
      String[] words = line.split(" ");
      if (words.length == 4) {
        result.put(
            words[0],
            new Row(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3])));
      }
    }
    assertThat(result).as(target.printed()).hasSizeGreaterThan(25);
    return result;
  }

  private static void pause() {
    LockSupport.parkNanos(3_000_000);
  }

  @Test
  void noCallTellsOfAnInterruptionThatOnlyTheStopWas() {
    try (TracedProgram target = target();
        Tracer tracer = Tracer.of(target.pid())) {
      int stops = 0;
      try {
        while (target.spawn().running()) {
          tracer.stopAll(s -> s.threads().size());
          stops++;
          pause();
        }
      } catch (TargetLostException e) {
        // it has done its work
      }
      assertThat(stops).isGreaterThan(100);
      assertThat(rows(target))
          .allSatisfy((call, row) -> {
            assertThat(row.interrupted()).as(call + ": EINTR").isZero();
            assertThat(row.wrong()).as(call + ": wrong").isZero();
            assertThat(row.calls()).as(call + ": calls").isPositive();
          });
    }
  }

  /** The kernel itself says which calls need it: the same stops without the repair. */
  @Test
  void withoutTheRepairTheKernelInterruptsTheseCalls() {
    try (TracedProgram target = target()) {
      while (target.spawn().running()) {
        stopPlainly(target.pid());
        pause();
      }
      Map<String, Row> rows = rows(target);
      List<String> interrupted =
          rows.keySet().stream().filter(call -> rows.get(call).interrupted() > 0).toList();
      assertThat(interrupted)
          .contains("epoll_wait", "epoll_pwait", "semop", "semtimedop", "sigtimedwait")
          .contains("recv-timeout", "accept", "connect")
          .doesNotContain("nanosleep", "poll", "select", "futex", "read-pipe", "msgrcv");
    }
  }

  private static void stopPlainly(int pid) {
    List<Integer> tids = ProcTasks.threads(pid);
    for (int tid : tids) {
      request(() -> Ptrace.seize(tid, 0));
      request(() -> Ptrace.interrupt(tid));
    }
    for (int tid : tids) {
      for (int i = 0; i < 1000; i++) {
        WaitId.State state = WaitId.peek(tid).state();
        if (state == WaitId.State.ENDED && tid != pid) {
          WaitId.reap(tid); // seized a round ago and still running then: it would never be gone
        }
        if (state != WaitId.State.RUNNING) {
          break;
        }
        Thread.yield();
      }
      request(() -> Ptrace.detach(tid, 0));
      if (tid != pid) {
        // one that has ended while it was seized is ours to reap, or its leader never ends
        request(() -> reapEnded(tid));
      }
    }
  }

  private static void reapEnded(int tid) {
    if (WaitId.peek(tid).state() == WaitId.State.ENDED) {
      WaitId.reap(tid);
    }
  }

  private static void request(Runnable request) {
    try {
      request.run();
    } catch (LinuxException e) {
      // a thread that has ended
    }
  }
}
