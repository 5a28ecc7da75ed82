package dev.whatif.samples.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The peer: {@code perf record --call-graph dwarf} of a process, with the same event and rate. */
final class PerfRecord implements AutoCloseable {

  private final Process perf;
  private final Path data;

  private PerfRecord(Process perf, Path data) {
    this.perf = perf;
    this.data = data;
  }

  /** Begins to record; returns when perf says that it has attached. */
  static PerfRecord start(int pid, int rateHz, Path folder)
      throws IOException, InterruptedException {
    Path data = folder.resolve("perf.data");
    // -D 0 enables at once; the control fifo would tell when, but a look at perf's own open events
    // does as well.
    Process perf =
        new ProcessBuilder(
                "perf",
                "record",
                "-q",
                "-e",
                "task-clock",
                "-F",
                "" + rateHz,
                "--call-graph",
                "dwarf",
                "-p",
                "" + pid,
                "-o",
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("perf.log").toFile())
            .start();
    for (int i = 0; i < 200 && openEvents(perf.pid()) == 0; i++) {
      Thread.sleep(20);
    }
    Thread.sleep(300);
    if (!perf.isAlive()) {
      throw new IOException(
          "perf record ended at once: " + Files.readString(folder.resolve("perf.log")));
    }
    return new PerfRecord(perf, data);
  }

  /** CPU nanoseconds of perf itself so far. */
  long cpuNanos() {
    return CpuClock.nanos((int) perf.pid());
  }

  /** Bytes it has written. */
  long bytes() {
    try {
      return Files.size(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as Ctrl-C would, and waits. */
  @Override
  public void close() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", "" + perf.pid()).start().waitFor();
    if (!perf.waitFor(60, TimeUnit.SECONDS)) {
      perf.destroyForcibly();
    }
  }

  private static long openEvents(long pid) {
    try (var files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return files
          .filter(f -> f.toFile().exists() || isPerfEvent(f))
          .filter(PerfRecord::isPerfEvent)
          .count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static boolean isPerfEvent(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString().contains("perf_event");
    } catch (IOException e) {
      return false;
    }
  }
}
