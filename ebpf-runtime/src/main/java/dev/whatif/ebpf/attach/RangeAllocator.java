package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.UnavailableException;
import java.util.Map;
import java.util.TreeMap;

/** Gives out ranges of a fixed piece of memory, first fit, 64-byte aligned. Thread-safe. */
final class RangeAllocator {

  /** A cache line: what two threads write shall not lie in one. */
  private static final long ALIGNMENT = 64;

  private final String name;
  private final TreeMap<Long, Long> free = new TreeMap<>();

  RangeAllocator(String name, long from, long to) {
    this.name = name;
    free.put(align(from), to - align(from));
  }

  private static long align(long n) {
    return n + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** The offset of so many bytes. */
  synchronized long allocate(long bytes) {
    long size = align(Math.max(1, bytes));
    for (Map.Entry<Long, Long> e : free.entrySet()) {
      if (e.getValue() >= size) {
        long at = e.getKey();
        long rest = e.getValue() - size;
        free.remove(at);
        if (rest > 0) {
          free.put(at + size, rest);
        }
        return at;
      }
    }
    throw new UnavailableException(
        "no %d bytes are left in the %s shared with the target".formatted(size, name),
        "close attachments that are no longer needed");
  }

  /** Gives back what was allocated with that size. */
  synchronized void release(long offset, long bytes) {
    long at = offset;
    long size = align(Math.max(1, bytes));
    Map.Entry<Long, Long> below = free.floorEntry(at);
    if (below != null && below.getKey() + below.getValue() == at) {
      at = below.getKey();
      size += below.getValue();
    }
    Long above = free.remove(offset + align(Math.max(1, bytes)));
    free.put(at, size + (above == null ? 0 : above));
  }
}
