package dev.whatif.causal.command;

import dev.whatif.causal.progress.LatencyKey;
import dev.whatif.causal.progress.LatencyPoint;
import dev.whatif.causal.progress.ProgressPoints;
import dev.whatif.causal.report.CausalJson;
import dev.whatif.causal.report.CausalRun;
import dev.whatif.causal.report.CausalText;
import dev.whatif.causal.report.LiveRanking;
import dev.whatif.causal.session.AbortCondition;
import dev.whatif.causal.session.CausalOptions;
import dev.whatif.causal.session.CausalSession;
import dev.whatif.causal.session.Glob;
import dev.whatif.core.command.Interruption;
import dev.whatif.core.command.RunOptions;
import dev.whatif.core.command.Subcommand;
import dev.whatif.core.command.TargetOptions;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.place.Level;
import dev.whatif.core.place.Place;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.report.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code whatif causal}: what if this code were faster? */
@Command(
    name = "causal",
    mixinStandardHelpOptions = true,
    showEndOfOptionsDelimiterInUsageHelp = true,
    description = {
      "Finds out by experiment how much faster a running system would be if a line or a function"
          + " of it were faster.",
      "Name one target and what counts as its progress. It ends with Ctrl-C, with the target, or"
          + " after --duration."
    },
    footer = {
      "",
      "Places: function, object:function, file.c:123, usdt:provider:name, syscall:name,",
      "tracepoint:category:name.",
      "",
      "Examples:",
      "  whatif causal -p $(pidof redis-server) --progress call -d 60s",
      "  whatif causal --tree 4242 --progress syscall:sendto --level line",
      "  whatif causal -p 4242 --progress step --region compress --speedups 25,50,75"
    })
public final class CausalCommand implements Subcommand {

  private static final Duration TERM_PATIENCE = Duration.ofSeconds(5);
  private static final int TOP = 12;

  enum Backend {
    /** The best one that works here. */
    AUTO,
    /** A signal handler in the target, which sleeps. */
    SIGNAL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  enum Size {
    LINE,
    FUNCTION;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin TargetOptions targets = new TargetOptions();
  @Mixin RunOptions run = new RunOptions();

  @Option(
      names = "--progress",
      paramLabel = "PLACE",
      description = "what the target passes once for every unit of work; may be repeated")
  List<String> progress = new ArrayList<>();

  @Option(
      names = "--latency",
      paramLabel = "BEGIN",
      description = "where a request begins: how long requests take is measured, too")
  @Nullable String latency;

  @Option(names = "--until", paramLabel = "END", description = "where a request ends")
  @Nullable String until;

  @Option(
      names = "--latency-key",
      paramLabel = "KEY",
      description =
          "how the end of a request finds its begin: begin.arg1=end.arg1, or thread (default:"
              + " ${DEFAULT-VALUE})")
  String latencyKey = "thread";

  @Option(
      names = "--region",
      paramLabel = "PLACE",
      description = "the code to make faster; may be repeated (default: what samples hit most)")
  List<String> regions = new ArrayList<>();

  @Option(
      names = "--level",
      paramLabel = "SIZE",
      description =
          "what becomes a region by itself: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE})")
  Size level = Size.FUNCTION;

  @Option(
      names = "--scope",
      paramLabel = "GLOB",
      description = "only code whose object, function or source file matches becomes a region")
  List<String> scope = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "no code whose object, function or source file matches becomes a region")
  List<String> exclude = new ArrayList<>();

  @Option(
      names = "--speedups",
      paramLabel = "LIST",
      description = "by how many percent regions are made faster (default: ${DEFAULT-VALUE})")
  String speedups = "0,25,50,75,100";

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "how threads are delayed: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Backend backend = Backend.AUTO;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of the random order of experiments (default: a new one)")
  @Nullable Long seed;

  @Option(
      names = "--max-slowdown",
      paramLabel = "PERCENT",
      description = "how much of the run the target may be delayed for (default: ${DEFAULT-VALUE})")
  String maxSlowdown = "20%";

  @Option(
      names = "--abort-if",
      paramLabel = "EXPR",
      description =
          "end the run when the target suffers: p50, p90, p99 or mean above a time (p99>50ms), rate"
              + " below visits per second (rate<1000)")
  @Nullable String abortIf;

  /** For {@link java.util.ServiceLoader}. */
  public CausalCommand() {}

  @Override
  public Integer call() {
    CausalOptions options = options();
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
        Path file = run.output("causal", target);
        CausalRun result = run(target, child, options, file, interruption);
        print(result, file);
        return 0;
      } catch (RuntimeException e) {
        interruption.failed(e);
        throw e;
      }
    }
  }

  private List<LatencyPoint> latencies() {
    if (latency == null && until == null) {
      return List.of();
    }
    if (latency == null || until == null) {
      throw new UsageException(
          "a request has a begin and an end: --latency and --until go together",
          "for example: --latency readQuery --until sendReply");
    }
    return List.of(
        new LatencyPoint(Place.parse(latency), Place.parse(until), LatencyKey.parse(latencyKey)));
  }

  private Optional<AbortCondition> abortCondition() {
    Optional<AbortCondition> condition = Optional.ofNullable(abortIf).map(AbortCondition::parse);
    if (condition.filter(AbortCondition::isAboutLatency).isPresent() && latency == null) {
      throw new UsageException(
          "--abort-if '%s' is about requests, and none are timed".formatted(abortIf),
          "say where they begin and end: --latency BEGIN --until END");
    }
    return condition;
  }

  private CausalOptions options() {
    if (progress.isEmpty() && latency == null) {
      throw new UsageException(
          "it is not said what counts as progress",
          "name a place that the target passes for every unit of work: --progress PLACE (or"
              + " --latency BEGIN --until END)");
    }
    int points = progress.size() + latencies().size();
    if (points > ProgressPoints.MOST) {
      throw new UsageException(
          "%d progress points are more than %d".formatted(points, ProgressPoints.MOST),
          "choose those that are passed for every unit of work");
    }
    List<Double> fractions = Fractions.parseAll("--speedups", speedups);
    if (fractions.stream().noneMatch(s -> s > 0)) {
      throw new UsageException(
          "--speedups: there is none above 0: nothing would be made faster",
          "write them like 25,50,75");
    }
    double slowdown = Fractions.parse("--max-slowdown", maxSlowdown);
    if (slowdown <= 0) {
      throw new UsageException(
          "--max-slowdown: without any delay there is no experiment", "allow 5% or more");
    }
    return new CausalOptions(
        progress.stream().map(Place::parse).toList(),
        latencies(),
        regions.stream().map(Place::parse).toList(),
        level == Size.LINE ? Level.LINE : Level.FUNCTION,
        scope.stream().map(Glob::of).toList(),
        exclude.stream().map(Glob::of).toList(),
        fractions,
        seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000) : seed,
        slowdown,
        abortCondition(),
        run.duration());
  }

  private CausalRun run(
      Target target,
      @Nullable Spawn child,
      CausalOptions options,
      Path file,
      Interruption interruption) {
    boolean finished = false;
    boolean created = false;
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        LiveRanking live = new LiveRanking(!run.quiet())) {
      created = true;
      try (CausalSession session =
          CausalSession.start(target, options, recorder, live::show, interruption::requested)) {
        CausalRun result = session.run();
        finished = true;
        session.aborted().ifPresent(live::say);
        session
            .refusals()
            .forEach((pid, why) -> live.say("process %d was not delayed: %s".formatted(pid, why)));
        return result;
      }
    } finally {
      if (child != null) {
        if (!finished) {
          child.stop(Duration.ZERO); // it was held, or nobody is going to look after it
        } else if (!targets.leave()) {
          child.stop(TERM_PATIENCE);
        }
      }
      if (created && !finished) {
        delete(file);
      }
    }
  }

  private void print(CausalRun result, Path file) {
    if (run.json()) {
      System.out.println(CausalJson.text(result));
    } else if (!run.quiet()) {
      PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
      new CausalText(result, Terminal.ofStdout(), TOP, out).print();
      out.flush();
    }
    if (!run.quiet()) {
      System.err.println(file);
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
}
