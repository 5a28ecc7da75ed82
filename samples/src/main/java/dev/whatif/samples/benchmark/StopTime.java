package dev.whatif.samples.benchmark;

import dev.whatif.core.command.Subcommand;
import dev.whatif.core.process.StoppedThread;
import dev.whatif.core.process.Tracer;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a process stands still when all its threads are stopped, their registers read, and let
 * go again: the very first stop of this JVM, and the ones after it.
 */
@Command(
    name = "stop-time",
    mixinStandardHelpOptions = true,
    description = "How long a process stands still when it is stopped.",
    footer = {"", "Try:  whatif benchmark stop-time --pid 812"})
final class StopTime implements Subcommand {

  private static final double MICROS = 1e3;
  private static final long PAUSE_NANOS = 10_000_000;

  @Option(names = "--pid", required = true, description = "the process to stop")
  int pid;

  @Option(names = "--stops", description = "how often (default: ${DEFAULT-VALUE})")
  int stops = 100;

  @Override
  public Integer call() {
    try (Tracer tracer = Tracer.of(pid)) {
      long[] nanos = new long[Math.max(2, stops)];
      int threads = 0;
      for (int i = 0; i < nanos.length; i++) {
        threads =
            tracer.<Integer>stopAll(
                s -> (int) s.threads().stream().map(StoppedThread::registers).count());
        nanos[i] = tracer.lastStop().toNanos();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      long first = nanos[0];
      Arrays.sort(nanos);
      System.out.printf(
          Locale.ROOT,
          "%d threads: first stop %.0f us; median %.0f us, 90 %% %.0f us, longest %.0f us of %d%n",
          threads,
          first / MICROS,
          nanos[nanos.length / 2] / MICROS,
          nanos[nanos.length * 9 / 10] / MICROS,
          nanos[nanos.length - 1] / MICROS,
          nanos.length);
    }
    return 0;
  }
}
