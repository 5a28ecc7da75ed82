package dev.whatif.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Time;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.symbol.DebugFiles;
import dev.whatif.core.symbol.Symbolizer;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples against the CPU time that the scheduler says the process has used. */
@Requires({Requirement.GCC, Requirement.PERF_EVENTS})
class AccountingTest {

  @TempDir Path folder;

  private record Account(CpuProfileSummary summary, long cpuNanos) {

    double keptAndLost() {
      return (summary.samples() + summary.lost() + summary.missed() + summary.unseenKernel())
          / ((double) cpuNanos / summary.periodNanos());
    }

    double missedShare() {
      return summary.missed() / summary.expected();
    }
  }

  private Account attach(Duration duration, String... arguments) throws Exception {
    Path program = Programs.compiled("threads.c", "-O1", "-pthread");
    List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Spawn child = Spawn.running(command, SpawnHeader.Files.INHERITED);
    try (Recorder recorder = Recorder.create(folder.resolve("a.jfr"), RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard())) {
      Thread.sleep(200);
      int clock = Time.processCpuClock(child.pid());
      try (CpuProfiler profiler =
          CpuProfiler.start(
              Target.pids(child.pid()), CpuProfileOptions.defaults(), recorder, symbolizer)) {
        long before = Time.clockNanos(clock);
        Thread.sleep(duration);
        long after = Time.clockNanos(clock);
        return new Account(profiler.stop(), after - before);
      }
    } finally {
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void keptAndLostAreTheCpuTimeOfTheScheduler() throws Exception {
    Account a = attach(Duration.ofSeconds(2), "steady");
    // the clock is read a moment after the start and before the stop: on a busy machine a moment
    // is a time slice
    assertThat(a.keptAndLost()).isCloseTo(1.0, within(0.05));
    assertThat(a.missedShare()).isLessThan(0.05);
  }

  @Test
  void threadsBornWhileAttachingAreCountedOnce() throws Exception {
    Account a = attach(Duration.ofSeconds(2));
    assertThat(a.keptAndLost()).isCloseTo(1.0, within(0.05));
  }

  @Test
  @Tag("long")
  void aMinuteOfTwoBusyThreadsAgreesWithinOnePercent() throws Exception {
    Account a = attach(Duration.ofSeconds(60), "steady");
    assertThat(a.keptAndLost()).isCloseTo(1.0, within(0.01));
    assertThat(a.summary().lost() / a.summary().expected()).isLessThanOrEqualTo(0.001);
  }
}
