package dev.whatif.samples.benchmark;

import dev.whatif.core.command.Subcommand;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.core.process.Spawn;
import dev.whatif.ebpf.attach.EntryOptions;
import dev.whatif.ebpf.attach.Injector;
import dev.whatif.ebpf.attach.PauseCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long entering stops a target: memory shared, two mappings, a signal handler, all in one stop.
 * The first entry of this process is shown by itself: it is the one that users see.
 */
@Command(
    name = "entry-stop",
    mixinStandardHelpOptions = true,
    description = "How long entering a process stops it, with one thread and with many.",
    footer = {"", "Try:  whatif benchmark entry-stop --rounds 100"})
final class EntryStop implements Subcommand {

  @Option(names = "--rounds", description = "entries a target (default: ${DEFAULT-VALUE})")
  int rounds = 50;

  @Option(
      names = "--threads",
      description = "threads of the second target beside a JVM's own (default: ${DEFAULT-VALUE})")
  int threads = 80;

  @Override
  public Integer call() {
    measure(List.of("sh", "-c", "while :; do :; done"), 1);
    measure(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            ownClasses(),
            ManyThreads.class.getName(),
            Integer.toString(threads)),
        threads);
    return 0;
  }

  /** A jar on the module path or a folder of classes: both are a class path, too. */
  private static String ownClasses() {
    return Path.of(EntryStop.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .toString();
  }

  private void measure(List<String> command, int expected) {
    Spawn target = Spawn.running(command, SpawnHeader.Files.INHERITED);
    try {
      await(target, expected);
      int running = ProcTasks.threads(target.pid()).size();
      double[] millis = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        EntryOptions options = EntryOptions.DEFAULT.with(new PauseCode());
        try (Injector injector = Injector.enter(target.pid(), options)) {
          millis[i] = injector.entryStop().toNanos() / 1e6;
        }
      }
      double first = millis[0];
      Arrays.sort(millis);
      System.out.printf(
          Locale.ROOT,
          "%3d threads: stopped for %.2f ms at the first entry; of %d: median %.2f, 90 %% %.2f,"
              + " longest %.2f ms%n",
          running,
          first,
          rounds,
          millis[rounds / 2],
          millis[rounds * 9 / 10],
          millis[rounds - 1]);
    } finally {
      target.stop(Duration.ZERO);
    }
  }

  private static void await(Spawn target, int threads) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (ProcTasks.threads(target.pid()).size() < threads
        && target.running()
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(10_000_000);
    }
    LockSupport.parkNanos(200_000_000);
  }
}
