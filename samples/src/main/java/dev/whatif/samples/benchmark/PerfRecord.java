package dev.whatif.samples.benchmark;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The peer: {@code perf record --call-graph dwarf} of a process, with the same event and rate. */
final class PerfRecord implements AutoCloseable {

  private final Spawn perf;
  private final Path data;

  private PerfRecord(Spawn perf, Path data) {
    this.perf = perf;
    this.data = data;
  }

  /** Begins to record; returns when perf has opened its events. */
  static PerfRecord start(int pid, int rateHz, Path folder)
      throws IOException, InterruptedException {
    Path data = folder.resolve("perf.data");
    Spawn perf =
        Spawn.running(
            List.of(
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
                data.toString()),
            SpawnHeader.Files.INHERITED);
    for (int i = 0; i < 200 && !hasEvents(perf.pid()); i++) {
      if (!perf.running()) {
        throw new IOException("perf record ended at once");
      }
      Thread.sleep(20);
    }
    // It maps its rings and enables the events within milliseconds of opening the first.
    Thread.sleep(300);
    return new PerfRecord(perf, data);
  }

  /** CPU nanoseconds of perf itself so far. */
  long cpuNanos() {
    return CpuClock.nanos(perf.pid());
  }

  /** Ends it as a user would, waits, and says how many bytes it wrote. */
  long end() throws IOException {
    close();
    return Files.size(data);
  }

  @Override
  public void close() {
    perf.stop(Duration.ofSeconds(60));
  }

  private static boolean hasEvents(int pid) {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return files.anyMatch(PerfRecord::isPerfEvent);
    } catch (IOException | UncheckedIOException e) {
      return false;
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
