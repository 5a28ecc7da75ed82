package dev.whatif.ebpf.map;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code /proc/meminfo} says can still be had. */
final class AvailableMemory {

  private static final Path FILE = Path.of("/proc/meminfo");
  private static final String KEY = "MemAvailable:";

  private AvailableMemory() {}

  /** Bytes; as many as there are numbers when it is not told. */
  static long bytes() {
    try {
      for (String line : Files.readAllLines(FILE)) {
        if (line.startsWith(KEY)) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
      return Long.MAX_VALUE;
    } catch (IOException | NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
