package dev.whatif.core.symbol;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.testing.Programs;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long the redis-server of the artifact embedded-redis (9.7 MB, DWARF 5) takes to open, and how
 * many addresses a second are resolved: {@code mvn test -pl profiler-core -Plong
 * -Dtest=SymbolizerBenchmark}.
 *
 * <p>Open: until the first address has its frames, in a fresh symbolizer of a warm JVM (the best of
 * 10), and in the first one of this JVM. Cold: each of 20,000 addresses for the first time. Warm: a
 * working set of 10,000 addresses that fits the cache, on one thread.
 */
class SymbolizerBenchmark {

  private static final String REDIS = "redis-server-6.2.6-v5-linux-amd64";
  private static final int ADDRESSES = 20_000;
  private static final int WORKING_SET = 10_000;

  @Test
  @Tag("long")
  void openAndResolve() throws Exception {
    Path redis = redis();
    AddressSpace space = GroundTruthTest.whole(redis);
    long[] addresses = addresses(redis, space);
    for (int i = 0; i < 11; i++) {
      long begin = System.nanoTime();
      try (Symbolizer symbolizer = new Symbolizer(new DebugFiles(List.of(), null))) {
        symbolizer.resolve(space, addresses[0], true);
        long opened = System.nanoTime();
        long frames = 0;
        for (long pc : addresses) {
          frames += symbolizer.resolve(space, pc, true).size();
        }
        long cold = System.nanoTime();
        print(i == 0 ? "first open" : "open", "%.1f ms", (opened - begin) / 1e6);
        print("cold", "%.0f addresses/s", ADDRESSES / ((cold - opened) / 1e9));
        print("frames an address", "%.2f", (double) frames / ADDRESSES);
        if (i >= 8) {
          warm(symbolizer, space, addresses);
        }
      }
    }
  }

  private static void warm(Symbolizer symbolizer, AddressSpace space, long[] addresses) {
    int rounds = 300;
    long begin = System.nanoTime();
    long frames = 0;
    for (int r = 0; r < rounds; r++) {
      for (int i = 0; i < WORKING_SET; i++) {
        frames += symbolizer.resolve(space, addresses[i], true).size();
      }
    }
    long nanos = System.nanoTime() - begin;
    print("warm", "%.2f M addresses/s", rounds * (double) WORKING_SET / nanos * 1e3);
    print("warm frames", "%.0f", (double) frames);
  }

  private static long[] addresses(Path redis, AddressSpace space) {
    try (ElfFile elf = ElfFile.open(redis)) {
      SymbolTable table = SymbolTable.of(elf);
      Random random = new Random(1);
      long[] result = new long[ADDRESSES];
      for (int i = 0; i < ADDRESSES; i++) {
        int s = random.nextInt(table.count());
        long vaddr = table.address(s) + random.nextLong(Math.max(1, table.size(s)));
        result[i] = GroundTruthTest.pcOf(elf, space, vaddr);
      }
      return result;
    }
  }

  static Path redis() throws Exception {
    Path file = Programs.folder("symbol").resolve(REDIS);
    if (!Files.exists(file)) {
      try (InputStream in =
          Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(REDIS), REDIS)) {
        Path temporary = Files.createTempFile(file.getParent(), "redis", "");
        Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return file;
  }

  private static void print(String what, String format, double value) {
    System.out.println(what + ": " + String.format(Locale.ROOT, format, value));
  }
}
