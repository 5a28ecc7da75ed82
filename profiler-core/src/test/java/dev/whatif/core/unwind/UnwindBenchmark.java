package dev.whatif.core.unwind;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.GdbStop;
import dev.whatif.testing.Programs;
import dev.whatif.testing.RedisServer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Prints what building a table and unwinding a frame cost; claims nothing. Run with {@code mvn test
 * -pl profiler-core -Plong -Dtest=UnwindBenchmark}.
 */
@Tag("long")
class UnwindBenchmark {

  private static final int ROUNDS = 7;

  @Test
  void build() {
    for (Path file :
        List.of(
            RedisServer.program(),
            Path.of("/lib/x86_64-linux-gnu/libc.so.6"),
            Path.of("/lib/x86_64-linux-gnu/libstdc++.so.6"),
            Path.of("/lib/x86_64-linux-gnu/libcrypto.so.3"))) {
      List<String> millis = new ArrayList<>();
      int rows = 0;
      long bytes = 0;
      for (int i = 0; i < ROUNDS; i++) {
        long begin = System.nanoTime();
        try (ElfFile elf = ElfFile.open(file)) {
          UnwindTable table = UnwindTable.of(elf);
          rows = table.rows();
          bytes = table.byteSize();
        }
        millis.add("%.1f".formatted((System.nanoTime() - begin) / 1e6));
      }
      System.out.printf(
          "build %-16s %6d rows %8d bytes, ms (first is cold): %s%n",
          file.getFileName(), rows, bytes, millis);
    }
  }

  @Test
  void unwind() throws Exception {
    Path program = Programs.compiled("deep.c", "-O2", "-g", "-lpthread");
    try (StoppedProgram p = StoppedProgram.start(program)) {
      measure(GdbStop.of(p.pid(), 60, 0.003), (int) p.pid());
    }
  }

  private static void measure(List<GdbStop> stops, int pid) {
    AddressSpace space = new AddressSpace(pid);
    stops.getLast().mappings().stream().filter(Mapping::executable).forEach(space::map);
    Registers[] registers = new Registers[stops.size()];
    MemorySegment[] stacks = new MemorySegment[stops.size()];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = new Registers();
      for (int r = 0; r < Registers.COUNT; r++) {
        registers[i].set(r, stops.get(i).registers()[r]);
      }
      stacks[i] = MemorySegment.ofArray(stops.get(i).stacks().getFirst().bytes());
    }
    StackFrames frames = new StackFrames();
    CapturedStack stack = new CapturedStack();
    try (Unwinder unwinder = new Unwinder(new UnwindTables())) {
      for (int round = 0; round < ROUNDS; round++) {
        long count = 0;
        long used = usedHeap();
        long begin = System.nanoTime();
        for (int repeat = 0; repeat < 2000; repeat++) {
          for (int i = 0; i < registers.length; i++) {
            stack.reset(
                stops.get(i).stacks().getFirst().address(), stacks[i], 0, stacks[i].byteSize());
            unwinder.unwind(space, registers[i], stack, frames);
            count += frames.depth();
          }
        }
        long nanos = System.nanoTime() - begin;
        long allocated = usedHeap() - used;
        System.out.printf(
            "unwind: %.0f ns per frame, %.1f bytes allocated per stack (less than 0: collected meanwhile)%n",
            (double) nanos / count, (double) allocated / (2000.0 * registers.length));
      }
    }
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
