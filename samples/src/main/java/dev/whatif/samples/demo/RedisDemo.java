package dev.whatif.samples.demo;

import dev.whatif.core.command.Interruption;
import dev.whatif.core.command.ProgressLine;
import dev.whatif.core.command.RunOptions;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.sample.CpuProfileOptions;
import dev.whatif.core.sample.CpuProfiler;
import dev.whatif.core.symbol.Symbolizer;
import dev.whatif.samples.redis.RedisLoad;
import dev.whatif.samples.redis.RedisLoadOptions;
import dev.whatif.samples.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** Starts Redis and its load, records for a while, reports, and takes everything away again. */
final class RedisDemo {

  private static final Duration LOOK = Duration.ofMillis(100);

  /** How long a report may take when the JVM is already shutting down. */
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(30);

  /** Pipelined, so that Redis and not the kernel's loopback has the most to do. */
  private static final RedisLoadOptions LOAD = RedisLoadOptions.DEFAULT.withPipeline(16);

  /** Fills the key space, and compiles the clients' code. */
  private static final long WARM_UP_REQUESTS = 200_000;

  private final RunOptions run;
  private final ToIntFunction<Path> report;

  RedisDemo(RunOptions run, ToIntFunction<Path> report) {
    this.run = run;
    this.report = report;
  }

  /** The exit code of the report. */
  int run() {
    // The outermost: when it closes during a shutdown, the JVM ends.
    try (Interruption interruption = new Interruption()) {
      try (RedisServer redis = RedisServer.start()) {
        redis.outliveShutdown(SHUTDOWN_PATIENCE);
        return run(redis, interruption);
      } catch (UnavailableException e) {
        if (interruption.requested()) {
          return endedEarly();
        }
        throw e;
      }
    }
  }

  private int run(RedisServer redis, Interruption interruption) {
    say(
        "redis-server %s%s, pid %d; %d clients send GET, SET, LPUSH, ZADD and SCAN",
        redis.version(),
        redis.carried() ? "" : " (" + redis.executable() + ")",
        redis.pid(),
        LOAD.clients());
    Path file = run.output("demo", new Target.Processes(List.of(redis.pid()), "redis"));
    Recorder.check(file);
    warmUp(redis, interruption);
    if (interruption.requested()) {
      return endedEarly();
    }
    record(redis, file, interruption);
    redis.close();
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

  private int endedEarly() {
    say("ended before anything was measured");
    return 0;
  }

  private void warmUp(RedisServer redis, Interruption interruption) {
    RedisLoadOptions options = LOAD.withRequests(WARM_UP_REQUESTS).withSeed(LOAD.seed() + 1);
    try (RedisLoad load = RedisLoad.start(redis.port(), options);
        ProgressLine progress = new ProgressLine(!run.quiet())) {
      progress.show("filling the key space");
      while (load.running() && !interruption.requested()) {
        pause();
      }
    }
  }

  private void record(RedisServer redis, Path file, Interruption interruption) {
    Target target = Target.pids(redis.pid());
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard());
        RedisLoad load = RedisLoad.start(redis.port(), LOAD);
        CpuProfiler profiler =
            CpuProfiler.start(target, CpuProfileOptions.defaults(), recorder, symbolizer);
        ProgressLine progress = new ProgressLine(!run.quiet())) {
      recorder.environment("workload", "redis " + redis.version() + ", " + LOAD);
      long start = System.nanoTime();
      long duration = run.duration().toNanos();
      long answeredBefore = load.answered();
      while (load.running() && !interruption.requested()) {
        long elapsed = System.nanoTime() - start;
        if (elapsed >= duration) {
          break;
        }
        progress.show(
            String.format(
                Locale.ROOT,
                "%.1f of %.1f s  %,.0f requests/s  %,d samples  (Ctrl-C ends)",
                elapsed / 1e9,
                duration / 1e9,
                (load.answered() - answeredBefore) * 1e9 / Math.max(1, elapsed),
                profiler.progress().samples()));
        pause();
      }
      long answered = load.answered() - answeredBefore;
      recorder.environment("requests", Long.toString(answered));
      load.failure().ifPresent(why -> say("the load was cut off: %s", why));
      profiler.stop();
    }
  }

  private void say(String format, Object... arguments) {
    if (!run.quiet()) {
      System.out.flush();
      System.err.println(String.format(Locale.ROOT, format, arguments));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
