package dev.whatif.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Time;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
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

  /**
   * What was sampled, and the CPU time that the scheduler counted while it certainly was and while
   * it possibly was: starting and stopping take a moment, and on a busy machine a moment is a time
   * slice.
   */
  private record Account(CpuProfileSummary summary, long leastNanos, long mostNanos) {

    void agreesWithin(double share) {
      double nanos =
          (double) summary.periodNanos()
              * (summary.samples() + summary.lost() + summary.missed() + summary.unseenKernel());
      assertThat(nanos).isBetween(leastNanos * (1 - share), mostNanos * (1 + share));
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
      long first = Time.clockNanos(clock);
      try (CpuProfiler profiler =
          CpuProfiler.start(
              Target.pids(child.pid()), CpuProfileOptions.defaults(), recorder, symbolizer)) {
        long before = Time.clockNanos(clock);
        Thread.sleep(duration);
        long after = Time.clockNanos(clock);
        CpuProfileSummary summary = profiler.stop();
        return new Account(summary, after - before, Time.clockNanos(clock) - first);
      }
    } finally {
      child.stop(Duration.ZERO);
    }
  }

  @Test
  void keptAndLostAreTheCpuTimeOfTheScheduler() throws Exception {
    Account a = attach(Duration.ofSeconds(2), "steady");
    a.agreesWithin(0.05);
    assertThat(a.missedShare()).isLessThan(0.05);
  }

  @Test
  void threadsBornWhileAttachingAreCountedOnce() throws Exception {
    Account a = attach(Duration.ofSeconds(2));
    a.agreesWithin(0.05);
  }

  @Test
  @Tag("long")
  void aMinuteOfTwoBusyThreadsAgreesWithinOnePercent() throws Exception {
    Account a = attach(Duration.ofSeconds(60), "steady");
    a.agreesWithin(0.01);
    assertThat(a.summary().lost() / a.summary().expected()).isLessThanOrEqualTo(0.001);
  }
}
