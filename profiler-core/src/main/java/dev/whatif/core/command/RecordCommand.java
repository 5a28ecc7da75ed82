package dev.whatif.core.command;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.sample.CpuProfileOptions;
import dev.whatif.core.sample.CpuProfileSummary;
import dev.whatif.core.sample.CpuProfiler;
import dev.whatif.core.sample.StackMode;
import dev.whatif.core.symbol.DebugFiles;
import dev.whatif.core.symbol.Symbolizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code whatif record}: a CPU profile of running processes. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    description = "Records where processes spend their CPU time, with whole stacks.",
    footer = {
      "",
      "Try:  whatif record -p PID -d 10s",
      "      whatif record -o app.jfr -- ./app --fast"
    })
public final class RecordCommand implements Subcommand {

  private static final Duration TERM_PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(100);

  @Mixin TargetOptions targets = new TargetOptions();
  @Mixin RunOptions run = new RunOptions();

  @Option(
      names = "--rate",
      paramLabel = "HZ",
      description = "samples per second of CPU time (default: ${DEFAULT-VALUE})")
  int rateHz = CpuProfileOptions.DEFAULT_RATE_HZ;

  @Option(
      names = "--stacks",
      paramLabel = "MODE",
      description =
          "unwind: whole stacks of any code; fp: by frame pointers; leaf: the place alone (default:"
              + " ${DEFAULT-VALUE})")
  StackMode stacks = StackMode.UNWIND;

  @Option(
      names = "--stack-size",
      paramLabel = "BYTES",
      description = "how much of each stack is copied for unwind (default: ${DEFAULT-VALUE})")
  int stackBytes = CpuProfileOptions.DEFAULT_STACK_BYTES;

  @Override
  public Integer call() {
    CpuProfileOptions options = CpuProfileOptions.of(rateHz, stacks).withStackBytes(stackBytes);
    // with --json, stdout belongs to the result
    SpawnHeader.Files files =
        run.json()
            ? new SpawnHeader.Files(List.of(new int[] {2, 1}), "")
            : SpawnHeader.Files.INHERITED;
    Target target = targets.resolve(files);
    Spawn child = target instanceof Target.Launched(Spawn launched) ? launched : null;
    try (Interruption interruption = new Interruption()) {
      boolean finished = false;
      try {
        Path file = run.output("record", target);
        CpuProfileSummary summary = record(target, options, file, interruption);
        finished = true;
        Optional<Wait.Status> status = child == null ? Optional.empty() : end(child);
        new RecordReport(file, target, options, summary, status).print(run);
      } finally {
        if (!finished && child != null) {
          child.stop(Duration.ZERO); // it was held, or nobody is going to look after it
        }
      }
    }
    return 0;
  }

  private Optional<Wait.Status> end(Spawn child) {
    if (child.running() && targets.leave()) {
      return Optional.empty();
    }
    return Optional.of(child.stop(TERM_PATIENCE));
  }

  private CpuProfileSummary record(
      Target target, CpuProfileOptions options, Path file, Interruption interruption) {
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard())) {
      return profile(target, options, recorder, symbolizer, interruption);
    }
  }

  private CpuProfileSummary profile(
      Target target,
      CpuProfileOptions options,
      Recorder recorder,
      Symbolizer symbolizer,
      Interruption interruption) {
    try (CpuProfiler profiler = CpuProfiler.start(target, options, recorder, symbolizer);
        ProgressLine progress = new ProgressLine(!run.quiet())) {
      long start = System.nanoTime();
      if (target instanceof Target.Launched(Spawn child)) {
        child.release();
      }
      long duration = run.duration().toNanos();
      boolean ended = false;
      while (!ended && !interruption.requested() && System.nanoTime() - start < duration) {
        ended =
            awaitEnd(profiler, Math.min(LOOK.toNanos(), duration - (System.nanoTime() - start)));
        CpuProfiler.Progress now = profiler.progress();
        progress.show(
            String.format(
                Locale.ROOT,
                "%.1f s  %,d samples  %d lost  %d threads  (Ctrl-C ends)",
                (System.nanoTime() - start) / 1e9,
                now.samples(),
                now.lost(),
                now.threads()));
      }
      return profiler.stop();
    }
  }

  private static boolean awaitEnd(CpuProfiler profiler, long nanos) {
    try {
      return profiler.awaitEnd(Duration.ofNanos(Math.max(1_000_000, nanos)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** What is printed at the end. */
  private record RecordReport(
      Path file,
      Target target,
      CpuProfileOptions options,
      CpuProfileSummary summary,
      Optional<Wait.Status> status) {

    void print(RunOptions run) {
      if (run.json()) {
        System.out.println(json());
      }
      if (!run.quiet()) {
        text();
      }
    }

    private void text() {
      CpuProfileSummary s = summary;
      status.ifPresent(x -> System.err.println(target.name() + " " + describe(x)));
      System.err.printf(
          Locale.ROOT,
          "%,d samples of %.2f s CPU time in %.1f s at %d Hz; %d lost, %d not made; own CPU %.2f s%n",
          s.samples(),
          s.targetCpuNanos() / 1e9,
          s.wallNanos() / 1e9,
          options.rateHz(),
          s.lost(),
          s.missed(),
          s.ownCpuNanos() / 1e9);
      if (!s.kernelPermitted()) {
        System.err.println(
            "samples in the kernel are not permitted here: their share is counted as not made");
      }
      System.err.println(file);
    }

    private static String describe(Wait.Status status) {
      return status.exited()
          ? "ended with exit status " + status.exitStatus()
          : "was ended by signal " + status.signal();
    }

    private String json() {
      return "{}";
    }
  }
}
