package dev.whatif.samples.demo;

import dev.whatif.causal.report.CausalRun;
import dev.whatif.causal.report.LiveRanking;
import dev.whatif.causal.session.CausalOptions;
import dev.whatif.causal.session.CausalSession;
import dev.whatif.causal.session.Glob;
import dev.whatif.core.command.Interruption;
import dev.whatif.core.command.ProgressLine;
import dev.whatif.core.command.RunOptions;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.place.Level;
import dev.whatif.core.place.Place;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.sample.CpuProfileOptions;
import dev.whatif.core.sample.CpuProfiler;
import dev.whatif.core.symbol.Symbolizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Starts a system under load, takes a CPU profile of it, finds out by experiment what would make it
 * faster, reports both from the one recording that they are in, and takes everything away again.
 */
final class Demo {

  private static final Duration LOOK = Duration.ofMillis(100);

  /** How long a report may take when the JVM is already shutting down. */
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(30);

  /** A CPU profile knows enough after a part of the time; experiments never do. */
  private static final double PROFILED = 0.2;

  /** With less, experiments would find nothing: all of it is the profile's. */
  private static final Duration EXPERIMENTS_AT_LEAST = Duration.ofSeconds(8);

  private final RunOptions run;
  private final ToIntFunction<Path> report;

  /**
   * Of that length.
   *
   * @param report prints what a recording says
   */
  Demo(RunOptions run, ToIntFunction<Path> report) {
    this.run = run;
    this.report = report;
  }

  /** The exit code of the report. */
  int run(String starting, Supplier<Scene> start) {
    // The outermost: when it closes during a shutdown, the JVM ends.
    try (Interruption interruption = new Interruption()) {
      try (Scene scene = started(starting, start)) {
        scene.outliveShutdown(SHUTDOWN_PATIENCE);
        return run(scene, interruption);
      } catch (UnavailableException e) {
        if (interruption.requested()) {
          say("ended before anything was measured");
          return 0;
        }
        throw e;
      }
    }
  }

  private Scene started(String starting, Supplier<Scene> start) {
    try (ProgressLine progress = new ProgressLine(!run.quiet())) {
      progress.show(starting);
      return start.get();
    }
  }

  private int run(Scene scene, Interruption interruption) {
    say("%s", scene.said());
    Path file = run.output("demo", scene.system());
    Duration experiments = Duration.ofNanos(Math.round((1 - PROFILED) * run.duration().toNanos()));
    boolean ranking = experiments.compareTo(EXPERIMENTS_AT_LEAST) >= 0;
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT)) {
      recorder.environment("workload", scene.workload());
      profile(
          scene,
          recorder,
          ranking ? run.duration().minus(experiments) : run.duration(),
          interruption);
      if (ranking && !interruption.requested()) {
        rank(scene, recorder, experiments, interruption);
      }
    }
    scene.close();
    if (!ranking) {
      say("no causal ranking: that takes 10 seconds or more, and a minute to be settled");
    }
    if (!run.json()) {
      say("");
    }
    int exit = report.applyAsInt(file);
    if (!run.json()) {
      say("");
    }
    say("recording: %s", file);
    return exit;
  }

  private void profile(
      Scene scene, Recorder recorder, Duration duration, Interruption interruption) {
    try (Symbolizer symbolizer = new Symbolizer(DebugFiles.standard());
        CpuProfiler profiler =
            CpuProfiler.start(scene.server(), CpuProfileOptions.defaults(), recorder, symbolizer);
        ProgressLine progress = new ProgressLine(!run.quiet())) {
      long start = System.nanoTime();
      long elapsed = 0;
      while (scene.running() && !interruption.requested() && elapsed < duration.toNanos()) {
        progress.show(
            String.format(
                Locale.ROOT,
                "CPU profile: %.1f of %.1f s  %,d samples  (Ctrl-C ends)",
                elapsed / 1e9,
                duration.toNanos() / 1e9,
                profiler.progress().samples()));
        LockSupport.parkNanos(LOOK.toNanos());
        elapsed = System.nanoTime() - start;
      }
      profiler.stop();
    }
  }

  /** Without the rights that it needs the profile is still worth its report. */
  private void rank(Scene scene, Recorder recorder, Duration duration, Interruption interruption) {
    try (LiveRanking live = new LiveRanking(!run.quiet())) {
      try (CausalSession session =
          CausalSession.start(
              scene.system(),
              options(scene, duration),
              recorder,
              live::show,
              interruption::requested)) {
        CausalRun _ = session.run();
        session
            .refusals()
            .forEach((pid, why) -> live.say("process %d was not delayed: %s".formatted(pid, why)));
      } catch (WhatifException e) {
        if (!interruption.requested()) {
          live.close();
          say("no causal ranking: %s", String.valueOf(e.getMessage()));
          Optional.ofNullable(e.remedy()).ifPresent(remedy -> say("  %s", remedy));
        }
      }
    }
  }

  private static CausalOptions options(Scene scene, Duration duration) {
    return new CausalOptions(
        List.of(Place.parse(scene.progress())),
        List.of(),
        List.of(),
        Level.FUNCTION,
        List.of(),
        scene.excluded().stream().map(Glob::of).toList(),
        List.of(0.25, 0.5, 0.75, 1.0),
        ThreadLocalRandom.current().nextLong(1, 1_000_000),
        0.2,
        Optional.empty(),
        duration);
  }

  private void say(String format, Object... arguments) {
    if (!run.quiet()) {
      System.out.flush();
      System.err.println(String.format(Locale.ROOT, format, arguments));
    }
  }
}
