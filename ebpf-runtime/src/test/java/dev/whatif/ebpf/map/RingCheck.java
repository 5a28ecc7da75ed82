package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.ring.RecordReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Whether records are those of {@link RingWriter}s: whole, and each writer's in its order. */
final class RingCheck implements RecordReader {

  private final long[] next;

  RingCheck(int writers) {
    next = new long[writers];
  }

  @Override
  public void record(MemorySegment memory, long offset, int length) {
    long slot = memory.get(ValueLayout.JAVA_LONG, offset);
    long sequence = memory.get(ValueLayout.JAVA_LONG, offset + 8);
    assertThat(sequence).as("slot %d", slot).isGreaterThanOrEqualTo(next[(int) slot]);
    next[(int) slot] = sequence + 1;
    for (int i = RingWriter.HEADER; i < length; i++) {
      if (memory.get(ValueLayout.JAVA_BYTE, offset + i) != RingWriter.content(slot, sequence, i)) {
        throw new AssertionError("slot " + slot + ", record " + sequence + ", byte " + i);
      }
    }
  }
}
