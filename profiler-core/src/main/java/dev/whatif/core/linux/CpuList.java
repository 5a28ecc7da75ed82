package dev.whatif.core.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Lists of CPUs as the kernel writes them, for example "0-3,5"
 * (Documentation/admin-guide/cputopology.rst).
 */
public final class CpuList {

  private CpuList() {}

  /** The numbers of a list, without its line end. */
  public static int[] parse(String list) {
    IntStream cpus = IntStream.empty();
    for (String range : list.split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      cpus = IntStream.concat(cpus, IntStream.rangeClosed(first, last));
    }
    return cpus.toArray();
  }

  /** The CPUs that are running. */
  public static int[] online() {
    try {
      return parse(Files.readString(Path.of("/sys/devices/system/cpu/online")).strip());
    } catch (IOException e) {
      return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
    }
  }

  /** The CPUs that this machine could ever have: per-CPU values are for these. */
  public static int[] possible() {
    try {
      return parse(Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
