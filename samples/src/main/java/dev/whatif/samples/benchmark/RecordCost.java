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
import dev.whatif.samples.redis.RedisLoadOptions;
import dev.whatif.samples.redis.RedisServer;
import dev.whatif.samples.redis.RequestReplay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What recording costs Redis: its CPU time per command over a fixed number of requests, alone,
 * under {@code whatif record} and under {@code perf record --call-graph dwarf}, in mirrored blocks
 * (ABCCBA) on one server.
 */
@Command(
    name = "record-cost",
    mixinStandardHelpOptions = true,
    description = "CPU time per Redis command: alone, under whatif, under perf.",
    footer = {"", "Try:  whatif benchmark record-cost --blocks 10"})
final class RecordCost implements Subcommand {

  @Option(names = "--blocks", description = "mirrored blocks (default: ${DEFAULT-VALUE})")
  int blocks = 10;

  @Option(names = "--requests", description = "requests a run (default: ${DEFAULT-VALUE})")
  long requests = 2_000_000;

  @Option(
      names = "--rate",
      description = "samples per second of CPU time (default: ${DEFAULT-VALUE})")
  int rateHz = CpuProfileOptions.DEFAULT_RATE_HZ;

  @Option(names = "--stacks", description = "unwind, fp or leaf (default: ${DEFAULT-VALUE})")
  StackMode stacks = StackMode.UNWIND;

  @Option(names = "--no-perf", negatable = true, description = "leave the peer out")
  boolean perf = true;

  @Option(
      names = "--no-pin",
      negatable = true,
      description = "do not keep Redis on CPU 0 and everything else on CPU 1")
  boolean pin = true;

  private final QuietRuns alone = new QuietRuns();
  private final QuietRuns underWhatif = new QuietRuns();
  private final QuietRuns underPerf = new QuietRuns();
  private final PairedRatio whatifOverBase = new PairedRatio();
  private final PairedRatio perfOverBase = new PairedRatio();
  private final PairedRatio whatifOverPerf = new PairedRatio();
  private long whatifOwnNanos;
  private long whatifBytes;
  private long perfOwnNanos;
  private long perfBytes;
  private long samples;
  private long lost;
  private long targetNanos;

  /** What is recorded around a run of the load. */
  private interface Around {
    double run() throws IOException, InterruptedException;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("whatif-benchmark");
    RequestReplay load =
        new RequestReplay(RedisLoadOptions.DEFAULT.withRequests(requests).withPipeline(64));
    try (RedisServer server = RedisServer.start()) {
      System.err.printf(
          "redis-server %s, %,d requests a run, %d Hz, %s; order: alone whatif perf perf whatif alone%n",
          server.version(), requests, rateHz, stacks);
      if (pin) {
        pin(server.pid(), 0);
        pin((int) ProcessHandle.current().pid(), 1);
      }
      // The same requests again and again: after two runs the data no longer grow.
      run(server, load);
      run(server, load);
      whatif(server, load, folder);
      resetTotals();
      for (int block = 1; block <= blocks; block++) {
        Around base = () -> run(server, load);
        Around whatif = () -> whatif(server, load, folder);
        Around peer = () -> perf(server, load, folder);
        double b = alone.note(base.run());
        double w = underWhatif.note(whatif.run());
        double p = perf ? underPerf.note(peer.run()) + underPerf.note(peer.run()) : 0;
        w += underWhatif.note(whatif.run());
        b += alone.note(base.run());
        whatifOverBase.add(w, b);
        if (perf) {
          perfOverBase.add(p, b);
          whatifOverPerf.add(w, p);
        }
        System.err.printf(
            Locale.ROOT,
            "block %2d: alone %.1f ns/command, whatif %+.2f %%, perf %+.2f %%%n",
            block,
            b / 2,
            (w / b - 1) * 100,
            perf ? (p / b - 1) * 100 : Double.NaN);
      }
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
      }
    }
    print();
    return 0;
  }

  private void print() {
    System.out.println("CPU time per command, change against alone (95 % interval of the mean):");
    System.out.println("  whatif record  " + whatifOverBase.asChange());
    if (perf) {
      System.out.println("  perf record    " + perfOverBase.asChange());
      System.out.println("  whatif / perf  " + whatifOverPerf.asChange());
    }
    System.out.println("CPU time per command in the quiet runs (lower decile of each kind):");
    System.out.println("  alone          " + alone);
    System.out.println("  whatif record  " + underWhatif.against(alone));
    if (perf) {
      System.out.println("  perf record    " + underPerf.against(alone));
    }
    System.out.printf(
        Locale.ROOT,
        "whatif: %,d samples, %d lost; own threads %.2f %% of the target's CPU time; %,d bytes%n",
        samples,
        lost,
        100.0 * whatifOwnNanos / targetNanos,
        whatifBytes);
    if (perf) {
      System.out.printf(
          Locale.ROOT,
          "perf:   own process %.2f %% of the target's CPU time (recording only); %,d bytes%n",
          100.0 * perfOwnNanos / targetNanos,
          perfBytes);
    }
  }

  /** All threads of a process on one CPU, by util-linux's taskset. */
  private static void pin(int pid, int cpu) throws InterruptedException {
    Spawn taskset =
        Spawn.running(
            List.of("taskset", "-a", "-c", "-p", "" + cpu, "" + pid),
            new SpawnHeader.Files(List.of(new int[] {2, 1}), ""));
    while (taskset.running()) {
      Thread.sleep(10);
    }
  }

  private void resetTotals() {
    whatifOwnNanos = 0;
    whatifBytes = 0;
    samples = 0;
    lost = 0;
    targetNanos = 0;
  }

  /** CPU nanoseconds per command of the server while the load runs once. */
  private double run(RedisServer server, RequestReplay load)
      throws IOException, InterruptedException {
    long before = CpuClock.nanos(server.pid());
    load.run(server.port());
    return (double) (CpuClock.nanos(server.pid()) - before) / load.requests();
  }

  private double whatif(RedisServer server, RequestReplay load, Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve("run.jfr");
    Files.deleteIfExists(file);
    double cost;
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard());
        CpuProfiler profiler =
            CpuProfiler.start(
                Target.pids(server.pid()),
                CpuProfileOptions.of(rateHz, stacks),
                recorder,
                symbolizer)) {
      cost = run(server, load);
      CpuProfileSummary summary = profiler.stop();
      whatifOwnNanos += summary.drainCpuNanos() + summary.writeCpuNanos();
      samples += summary.samples();
      lost += summary.lost();
      targetNanos += summary.targetCpuNanos();
    }
    whatifBytes += Files.size(file);
    return cost;
  }

  private double perf(RedisServer server, RequestReplay load, Path folder)
      throws IOException, InterruptedException {
    double cost;
    try (PerfRecord peer = PerfRecord.start(server.pid(), rateHz, folder)) {
      long before = peer.cpuNanos();
      cost = run(server, load);
      perfOwnNanos += peer.cpuNanos() - before;
      perfBytes += peer.end();
    }
    return cost;
  }
}
