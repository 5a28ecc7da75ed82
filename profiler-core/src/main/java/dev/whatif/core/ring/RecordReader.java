package dev.whatif.core.ring;

import java.lang.foreign.MemorySegment;

/** Takes one record in place: nothing is copied and nothing allocated for it. */
@FunctionalInterface
public interface RecordReader {

  /**
   * A record, valid until this returns.
   *
   * @param memory where it lies, among others
   * @param offset of its first byte in {@code memory}, a multiple of 8 unless the ring says else
   * @param length in bytes; all of them lie in {@code memory}
   */
  void record(MemorySegment memory, long offset, int length);
}
