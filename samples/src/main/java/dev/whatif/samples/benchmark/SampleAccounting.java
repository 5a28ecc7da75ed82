package dev.whatif.samples.benchmark;

import dev.whatif.core.command.Subcommand;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.sample.CpuProfileOptions;
import dev.whatif.core.sample.CpuProfileSummary;
import dev.whatif.core.sample.CpuProfiler;
import dev.whatif.core.sample.StackMode;
import dev.whatif.core.symbol.Symbolizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Whether every sample is accounted for: kept + lost against the CPU time that the scheduler
 * counted for the target times the rate, with busy processes on every CPU.
 */
@Command(
    name = "accounting",
    mixinStandardHelpOptions = true,
    description = "Samples kept and lost against the target's CPU time.",
    footer = {"", "Try:  whatif benchmark accounting -d 60"})
final class SampleAccounting implements Subcommand {

  @Option(
      names = {"-d", "--seconds"},
      description = "length (default: ${DEFAULT-VALUE})")
  int seconds = 60;

  @Option(names = "--busy", description = "busy processes (default: ${DEFAULT-VALUE})")
  int busy = 2;

  @Option(
      names = "--rate",
      description = "samples per second of CPU time (default: ${DEFAULT-VALUE})")
  int rateHz = CpuProfileOptions.DEFAULT_RATE_HZ;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path file = Files.createTempFile("whatif-accounting", ".jfr");
    Files.delete(file);
    List<Spawn> spinning = new ArrayList<>();
    try {
      for (int i = 0; i < busy; i++) {
        Spawn s =
            Spawn.running(List.of("sh", "-c", "while :; do :; done"), SpawnHeader.Files.INHERITED);
        spinning.add(s);
      }
      measure(file, spinning);
    } finally {
      spinning.forEach(s -> s.stop(Duration.ZERO));
      Files.deleteIfExists(file);
    }
    return 0;
  }

  private void measure(Path file, List<Spawn> spinning) throws InterruptedException {
    int[] pids = spinning.stream().mapToInt(Spawn::pid).toArray();
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard())) {
      CpuProfiler profiler =
          CpuProfiler.start(
              Target.pids(pids),
              CpuProfileOptions.of(rateHz, StackMode.UNWIND),
              recorder,
              symbolizer);
      // Attaching takes time; what the target did meanwhile is nobody's to count.
      long before = cpu(pids);
      Thread.sleep(Duration.ofSeconds(seconds));
      long cpuNanos = cpu(pids) - before;
      CpuProfileSummary s = profiler.stop();
      double expected = (double) cpuNanos / s.periodNanos();
      System.out.printf(
          Locale.ROOT,
          "scheduler: %.3f s CPU time = %.0f samples; kept %d, lost %d, not made %d%n",
          cpuNanos / 1e9,
          expected,
          s.samples(),
          s.lost(),
          s.missed());
      System.out.printf(
          Locale.ROOT,
          "kept + lost against expected: %+.3f %%; lost %.4f %%; not made %.4f %%%n",
          ((s.samples() + s.lost()) / expected - 1) * 100,
          s.lost() * 100 / expected,
          s.missed() * 100 / expected);
    }
  }

  private static long cpu(int[] pids) {
    long sum = 0;
    for (int pid : pids) {
      sum += CpuClock.nanos(pid);
    }
    return sum;
  }
}
