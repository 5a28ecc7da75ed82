package dev.whatif.core.dwarf;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * Prints how long it takes to open the redis-server and how many addresses a second are resolved.
 * Run as a program, in a fresh JVM: the first number is that of a cold one. An argument names
 * another file.
 */
public final class DebugInfoBenchmark {

  private static final int ADDRESSES = 200_000;

  private DebugInfoBenchmark() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    Path file = arguments.length > 0 ? Path.of(arguments[0]) : RedisServer.file();
    long start = System.nanoTime();
    try (ElfFile elf = ElfFile.open(file);
        DebugInfo info = DebugInfo.open(elf, null)) {
      print("open, cold JVM", System.nanoTime() - start, 1, "ms", 1e6);
      Section text =
          elf.sections().stream().filter(s -> s.name().equals(".text")).findFirst().orElseThrow();
      long[] addresses =
          new Random(1).longs(ADDRESSES, text.address(), text.address() + text.size()).toArray();
      start = System.nanoTime();
      long frames = resolve(info, addresses);
      print("first pass over " + ADDRESSES, System.nanoTime() - start, 1, "ms", 1e6);
      for (int round = 0; round < 5; round++) {
        start = System.nanoTime();
        frames += resolve(info, addresses);
        print("warm", System.nanoTime() - start, ADDRESSES, "ns an address", 1);
      }
      System.out.println(frames + " frames");
    }
  }

  private static long resolve(DebugInfo info, long[] addresses) {
    long frames = 0;
    for (long a : addresses) {
      frames += info.at(a).size();
    }
    return frames;
  }

  private static void print(String what, long nanos, int by, String unit, double divisor) {
    System.out.printf(Locale.ROOT, "%-28s %8.1f %s%n", what, nanos / divisor / by, unit);
  }
}
