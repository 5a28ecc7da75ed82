package dev.whatif.ebpf.interpreter;

import java.lang.foreign.MemorySegment;

/**
 * Memory that a program may touch.
 *
 * @param start address
 * @param end address behind the last byte
 * @param writable whether it may write there
 */
public record MemoryRange(long start, long end, boolean writable) {

  /** Checks that it is one. */
  public MemoryRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no range: 0x%x to 0x%x".formatted(start, end));
    }
  }

  /** All of a native segment; writable unless the segment is read-only. */
  public static MemoryRange of(MemorySegment segment) {
    return new MemoryRange(
        segment.address(), segment.address() + segment.byteSize(), !segment.isReadOnly());
  }

  boolean contains(long address, int bytes) {
    return address >= start && address <= end - bytes;
  }
}
