package dev.whatif.core.command;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
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
import dev.whatif.core.symbol.Symbolizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code whatif record}: a CPU profile of running processes. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    showEndOfOptionsDelimiterInUsageHelp = true,
    versionProvider = Version.class,
    description = {
      "Records where processes spend their CPU time, with whole stacks.",
      "Name one target. It ends with Ctrl-C, with the target, or after --duration."
    },
    footer = {
      "",
      "Examples:",
      "  whatif record -p 4242 -d 10s",
      "  whatif record -p 4242,4243 --stacks fp --rate 99",
      "  whatif record -o app.jfr -- ./app --fast"
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

  /** For {@link java.util.ServiceLoader}. */
  public RecordCommand() {}

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
      if (child != null && !targets.leave()) {
        interruption.lastAct(() -> child.stop(Duration.ZERO));
      }
      try {
        RecordSummary summary = run(target, child, options, interruption);
        if (run.json()) {
          System.out.println(summary.json());
        }
        if (!run.quiet()) {
          summary.print(System.err);
        }
        return 0;
      } catch (RuntimeException e) {
        interruption.failed(e);
        throw e;
      }
    }
  }

  private RecordSummary run(
      Target target, @Nullable Spawn child, CpuProfileOptions options, Interruption interruption) {
    boolean finished = false;
    try {
      Path file = run.output("record", target);
      CpuProfileSummary profile = record(target, options, file, interruption);
      finished = true;
      Optional<Wait.Status> status = child == null ? Optional.empty() : end(child);
      return new RecordSummary(file, target, options, profile, status);
    } finally {
      if (!finished && child != null) {
        child.stop(Duration.ZERO); // it was held, or nobody is going to look after it
      }
    }
  }

  private Optional<Wait.Status> end(Spawn child) {
    if (child.running() && targets.leave()) {
      return Optional.empty();
    }
    return Optional.of(child.stop(TERM_PATIENCE));
  }

  private CpuProfileSummary record(
      Target target, CpuProfileOptions options, Path file, Interruption interruption) {
    boolean measured = false;
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard());
        CpuProfiler profiler = CpuProfiler.start(target, options, recorder, symbolizer)) {
      measured = true;
      return profile(target, profiler, interruption);
    } catch (UnavailableException | TargetLostException e) {
      if (!measured) {
        delete(file);
      }
      throw e;
    }
  }

  /** A recording in which nothing could be measured is nothing to keep. */
  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // it stays, valid and empty; the failure that is being reported matters more
    }
  }

  private CpuProfileSummary profile(
      Target target, CpuProfiler profiler, Interruption interruption) {
    try (ProgressLine progress = new ProgressLine(!run.quiet())) {
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
}
