package dev.whatif.samples.benchmark;

import dev.whatif.core.command.Subcommand;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Frame;
import dev.whatif.core.recording.FrameType;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.recording.Sample;
import dev.whatif.core.sample.CpuProfileOptions;
import dev.whatif.core.sample.CpuProfileSummary;
import dev.whatif.core.sample.CpuProfiler;
import dev.whatif.core.sample.StackMode;
import dev.whatif.core.symbol.DebugFiles;
import dev.whatif.core.symbol.Symbolizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The same command under whatif and under {@code perf record --call-graph dwarf}, one after the
 * other: where both say the time went, how much of the stacks each has, and what each took itself.
 *
 * <p>Two runs are two draws: shares differ by chance, and each row says by how much at most in 19
 * of 20 cases. A program whose runs differ needs a longer one.
 */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = "The profile of a command beside perf's.",
    footer = {"", "Try:  whatif benchmark peers -- xz -k -c FILE"})
final class PeerComparison implements Subcommand {

  /** Standard output belongs to the comparison. */
  static final SpawnHeader.Files OUTPUT_TO_STDERR =
      new SpawnHeader.Files(List.of(new int[] {2, 1}), "");

  @Option(
      names = "--rate",
      description = "samples per second of CPU time (default: ${DEFAULT-VALUE})")
  int rateHz = CpuProfileOptions.DEFAULT_RATE_HZ;

  @Option(names = "--top", description = "functions shown (default: ${DEFAULT-VALUE})")
  int top = 15;

  @Parameters(paramLabel = "COMMAND", description = "what to run twice, after --", arity = "1..*")
  List<String> command = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("whatif-peers");
    try {
      PeerProfile ours = whatif(folder);
      PeerProfile perf = PerfCommand.profile(command, rateHz, folder);
      print(ours, perf);
      return 0;
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
      }
    }
  }

  private PeerProfile whatif(Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve("run.jfr");
    CpuProfileSummary summary = record(file);
    PeerProfile profile = new PeerProfile();
    try (Recording recording = Recording.open(file);
        Stream<Sample> samples = recording.samples()) {
      samples.forEach(s -> add(s, profile));
    }
    profile.cost(summary.ownCpuNanos(), Files.size(file));
    return profile;
  }

  private CpuProfileSummary record(Path file) throws InterruptedException {
    Spawn child = Spawn.held(command, OUTPUT_TO_STDERR);
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard());
        CpuProfiler profiler =
            CpuProfiler.start(
                Target.launched(child),
                CpuProfileOptions.of(rateHz, StackMode.UNWIND),
                recorder,
                symbolizer)) {
      child.release();
      boolean ended = false;
      while (!ended) {
        ended = profiler.awaitEnd(Duration.ofSeconds(1));
      }
      return profiler.stop();
    } finally {
      child.stop(Duration.ZERO);
    }
  }

  /** Inlined functions are left out: perf is asked for functions as they were compiled. */
  private static void add(Sample sample, PeerProfile profile) {
    List<PeerProfile.Function> stack =
        sample.frames().stream()
            .filter(f -> f.type() != FrameType.INLINED)
            .map(PeerComparison::function)
            .toList();
    if (!stack.isEmpty()) {
      profile.add(stack.getFirst(), stack.getLast(), stack.size());
    }
  }

  private static PeerProfile.Function function(Frame f) {
    return PeerProfile.Function.of(f.function(), f.object());
  }

  private void print(PeerProfile ours, PeerProfile perf) {
    System.out.printf("%-52s %8s %8s %10s%n", "self", "whatif", "perf", "chance");
    Map<PeerProfile.Function, Double> largest = new HashMap<>();
    Stream.of(ours, perf)
        .forEach(p -> p.self().keySet().forEach(f -> largest.merge(f, p.share(f), Math::max)));
    largest.entrySet().stream()
        .sorted(Map.Entry.<PeerProfile.Function, Double>comparingByValue().reversed())
        .limit(top)
        .forEach(e -> row(e.getKey(), ours, perf));
    System.out.printf("%n%-52s %8s %8s%n", "", "whatif", "perf");
    line("samples", "%,8d", ours.samples(), perf.samples());
    line("stacks to the thread's beginning, %", "%8.1f", whole(ours), whole(perf));
    line("frames each", "%8.1f", ours.framesEach(), perf.framesEach());
    line("own CPU time, s", "%8.2f", ours.ownCpuNanos() / 1e9, perf.ownCpuNanos() / 1e9);
    line("file, MB", "%8.2f", ours.bytes() / 1e6, perf.bytes() / 1e6);
    System.out.println(
        "\nwhatif's time includes names and lines; perf resolves them later, in perf report.");
  }

  private static void row(PeerProfile.Function f, PeerProfile ours, PeerProfile perf) {
    double a = ours.share(f);
    double b = perf.share(f);
    double chance = chance(a, ours.samples(), b, perf.samples());
    String name = f.name() + " " + f.object();
    System.out.printf(
        Locale.ROOT,
        "%-52s %7.1f%% %7.1f%% %9.1f%%%s%n",
        name.length() > 52 ? name.substring(0, 51) + "…" : name,
        a * 100,
        b * 100,
        chance * 100,
        Math.abs(a - b) > chance ? "  differs" : "");
  }

  /** How far two shares of samples differ by chance alone, at most, in 95 % of cases. */
  static double chance(double a, long n, double b, long m) {
    double pooled = (a * n + b * m) / Math.max(1, n + m);
    return 1.96 * Math.sqrt(pooled * (1 - pooled) * (1.0 / Math.max(1, n) + 1.0 / Math.max(1, m)));
  }

  private static double whole(PeerProfile p) {
    return p.wholeShare() * 100;
  }

  private static void line(String what, String format, Object ours, Object perf) {
    String row = "%-52s " + format + " " + format + "%n";
    System.out.printf(Locale.ROOT, row, what, ours, perf);
  }
}
