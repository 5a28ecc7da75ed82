package dev.whatif.samples.benchmark;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Uio;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.samples.sqlite.SqliteLoad;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * CPU time of a transaction of SQLite: two threads that write under one mutex and read beside each
 * other. The program's own counter is read from outside, so that nothing is added to it.
 */
final class SqliteCost implements AutoCloseable {

  private static final int SYMBOL_BYTES = 24;
  private static final int VALUE = 8;

  private final SqliteLoad load;
  private final long counter;
  private final long runMillis;

  SqliteCost(boolean brief) throws IOException {
    if (SqliteLoad.missing().isPresent()) {
      throw new UnavailableException(SqliteLoad.missing().get(), "leave it out, with --only");
    }
    runMillis = brief ? 100 : 500;
    load = SqliteLoad.start(2, Duration.ofMinutes(30));
    counter = counter();
  }

  int pid() {
    return load.pid();
  }

  /** CPU nanoseconds of a transaction, of a run. */
  double nanos() throws InterruptedException {
    long cpu = CpuClock.nanos(load.pid());
    long transactions = transactions();
    Thread.sleep(runMillis);
    return (double) (CpuClock.nanos(load.pid()) - cpu) / (transactions() - transactions);
  }

  private long transactions() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment word = arena.allocate(ValueLayout.JAVA_LONG);
      Uio.processVmReadv(load.pid(), counter, word);
      return word.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  private long counter() throws IOException {
    String file = load.executable().toRealPath().toString();
    for (Mapping mapping : ProcMaps.read(load.pid())) {
      if (mapping.path().equals(file) && mapping.fileOffset() == 0) {
        try (ElfFile elf = ElfFile.open(load.executable())) {
          return mapping.start() + valueOf(elf, "transactions");
        }
      }
    }
    throw new IllegalStateException(file + " is not mapped");
  }

  /** The value of a symbol of a position-independent program: where it lies behind its start. */
  private static long valueOf(ElfFile elf, String name) {
    MemorySegment bytes = elf.bytes(elf.section(".symtab").orElseThrow());
    MemorySegment names = elf.bytes(elf.section(".strtab").orElseThrow());
    for (long at = 0; at + SYMBOL_BYTES <= bytes.byteSize(); at += SYMBOL_BYTES) {
      int text = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      if (names.getString(text, StandardCharsets.US_ASCII).equals(name)) {
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at + VALUE);
      }
    }
    throw new IllegalStateException("the program has no symbol " + name);
  }

  @Override
  public void close() {
    load.close();
  }
}
