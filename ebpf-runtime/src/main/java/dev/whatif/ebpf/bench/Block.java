package dev.whatif.ebpf.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** The memory that programs work on, and the context that leads to it in this process. */
final class Block {

  /** BLOCK of src/bench/bpf/bench.h. */
  static final int BYTES = 1024;

  private static final int CONTEXT_BYTES = 40;
  private static final long SEED = 20_260_101;

  private Block() {}

  /** Its bytes, always the same. */
  static byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  /** A context of two pointers: to the block, and behind it. */
  static MemorySegment context(Arena arena) {
    MemorySegment block = arena.allocate(BYTES, 64);
    block.copyFrom(MemorySegment.ofArray(bytes()));
    MemorySegment context = arena.allocate(CONTEXT_BYTES, 64);
    context.set(ValueLayout.JAVA_LONG, 0, block.address());
    context.set(ValueLayout.JAVA_LONG, Long.BYTES, block.address() + BYTES);
    return context;
  }
}
