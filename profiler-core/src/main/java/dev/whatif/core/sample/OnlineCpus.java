package dev.whatif.core.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The CPUs that are running: {@code /sys/devices/system/cpu/online}, for example "0-3,5". */
final class OnlineCpus {

  private OnlineCpus() {}

  static int[] read() {
    try {
      return parse(Files.readString(Path.of("/sys/devices/system/cpu/online")).strip());
    } catch (IOException e) {
      return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
    }
  }

  static int[] parse(String list) {
    IntStream cpus = IntStream.empty();
    for (String range : list.split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      cpus = IntStream.concat(cpus, IntStream.rangeClosed(first, last));
    }
    return cpus.toArray();
  }
}
