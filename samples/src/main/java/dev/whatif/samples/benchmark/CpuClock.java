package dev.whatif.samples.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU time of another process as its scheduler counts it ({@code
 * Documentation/scheduler/sched-stats.rst}).
 */
final class CpuClock {

  private CpuClock() {}

  /** Nanoseconds that the threads alive now have run, exact to the last switch or tick. */
  static long nanos(int pid) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      List<Path> all = tasks.toList();
      long sum = 0;
      for (Path task : all) {
        String text = Files.readString(task.resolve("schedstat"));
        sum += Long.parseLong(text.substring(0, text.indexOf(' ')));
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
