package dev.whatif.core.sample;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.ring.PerfRing;
import dev.whatif.core.ring.RecordReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * One record in a ring, by its bytes ({@code enum perf_event_type} in
 * include/uapi/linux/perf_event.h). Reused: shows what {@link PerfRing#show} pointed it to.
 */
final class PerfRecord implements RecordReader {

  private static final long TYPE = 0;
  private static final long MISC = 4;

  private MemorySegment bytes = MemorySegment.NULL;
  private long base;
  private long size;

  @Override
  public void record(MemorySegment segment, long offset, int length) {
    bytes = segment;
    base = offset;
    size = length;
  }

  int type() {
    return bytes.get(ValueLayout.JAVA_INT, base + TYPE);
  }

  int misc() {
    return Short.toUnsignedInt(bytes.get(ValueLayout.JAVA_SHORT, base + MISC));
  }

  long size() {
    return size;
  }

  int u32(long offset) {
    return bytes.get(ValueLayout.JAVA_INT, base + offset);
  }

  long u64(long offset) {
    return bytes.get(ValueLayout.JAVA_LONG, base + offset);
  }

  /** Where the record's bytes are, for what reads a part of them in place. */
  MemorySegment segment() {
    return bytes;
  }

  /** The place in {@link #segment} of an offset in the record. */
  long position(long offset) {
    return base + offset;
  }

  /** When it was made, of any record but a sample. */
  long trailerTime() {
    return u64(size - TaskClock.TRAILER_TIME);
  }

  boolean inKernel() {
    return (misc() & PerfEvent.PERF_RECORD_MISC_CPUMODE_MASK) == PerfEvent.PERF_RECORD_MISC_KERNEL;
  }

  /** The zero-terminated text from an offset to the trailer. */
  String text(long offset) {
    long end = size - TaskClock.TRAILER;
    long stop = offset;
    while (stop < end && bytes.get(ValueLayout.JAVA_BYTE, base + stop) != 0) {
      stop++;
    }
    byte[] copy = bytes.asSlice(base + offset, stop - offset).toArray(ValueLayout.JAVA_BYTE);
    return new String(copy, StandardCharsets.UTF_8);
  }
}
