package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.Signal;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever request whatif dies after, the target goes on with right results. */
@Requires(Requirement.GCC)
class KilledTracerTest {

  private static final int SIGKILL_CODE = 128 + Signal.SIGKILL;
  private static final List<String> CALLS =
      List.of("nanosleep", "read-pipe", "poll", "futex", "select", "msgrcv", "epoll_wait");

  @Test
  void oneThread() throws Exception {
    // the second thread is the one that wakes it
    assertThat(killAfterEach(List.of("read-pipe"), 3)).isGreaterThan(15);
  }

  @Test
  void eightThreads() throws Exception {
    assertThat(killAfterEach(CALLS, 17)).isGreaterThan(60);
  }

  @Test
  @Tag("long")
  void eightThreadsAfterEveryRequest() throws Exception {
    assertThat(killAfterEach(CALLS, 1)).isGreaterThan(60);
  }

  /** Kills a controller after its 1st, 1+step-th, ... request; returns how many there are. */
  private static long killAfterEach(List<String> calls, int step) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Programs.compiled("waiting.c", "-O1", "-pthread", "-lutil").toString(), "100"));
    command.addAll(calls);
    try (TracedProgram target = TracedProgram.ready(command.toArray(String[]::new))) {
      long k = 1;
      while (runKilled(target.pid(), k)) {
        assertThat(target.spawn().running()).as("after request " + k).isTrue();
        TaskStatus status = TaskStatus.of(target.pid()).orElseThrow();
        assertThat(status.number("TracerPid")).isZero();
        k += step;
      }
      Signal.kill(target.pid(), Signal.SIGTERM);
      List<String> rows = target.lines().stream().filter(l -> l.contains(" ")).toList();
      assertThat(rows).as(target.printed()).hasSize(calls.size());
      for (String row : rows) {
        String[] words = row.split(" ");
        assertThat(Long.parseLong(words[1])).as(row).isPositive();
        assertThat(words[3]).as("wrong results: " + row).isEqualTo("0");
        if (!words[0].equals("epoll_wait")) { // EINTR by the kernel, unless repaired in time
          assertThat(words[2]).as("EINTR: " + row).isEqualTo("0");
        }
      }
      return k;
    }
  }

  /** Whether it was killed; false when it came to its end. */
  private static boolean runKilled(int pid, long k) throws Exception {
    Process controller =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                "target/classes" + File.pathSeparator + "target/test-classes",
                "--enable-native-access=ALL-UNNAMED",
                KilledTracer.class.getName(),
                Integer.toString(pid),
                Long.toString(k))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(controller.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(controller.exitValue()).isIn(0, SIGKILL_CODE);
      return controller.exitValue() == SIGKILL_CODE;
    } finally {
      controller.destroyForcibly();
    }
  }
}
