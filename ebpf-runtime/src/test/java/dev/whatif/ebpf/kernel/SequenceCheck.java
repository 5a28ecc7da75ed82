package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What a reader has to find in the records of bpf/rings.c: each once, whole, in its CPU's order.
 */
final class SequenceCheck {

  private static final long MIX = 0x9e3779b97f4a7c15L;
  private static final int HEADER = 16;

  private final long[] last = new long[256];
  private long records;
  private long checksum;
  private long missing;

  SequenceCheck() {
    Arrays.fill(last, -1);
  }

  /** A record as it was written. */
  void record(MemorySegment memory, long offset, int length) {
    long cpu = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    long sequence = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + 8);
    if (sequence <= last[(int) cpu]) {
      assertThat(sequence).as("after %d on CPU %d", last[(int) cpu], cpu).isEqualTo(-1);
    }
    missing += sequence - last[(int) cpu] - 1;
    last[(int) cpu] = sequence;
    for (int at = HEADER; at < length; at++) {
      long word = sequence * MIX + (at - HEADER) / 8;
      byte expected = (byte) (word >>> at % 8 * 8);
      if (memory.get(ValueLayout.JAVA_BYTE, offset + at) != expected) {
        assertThat(at).as("wrong byte in %d of CPU %d", sequence, cpu).isEqualTo(-1);
      }
    }
    records++;
    checksum += (sequence + 1) * MIX ^ cpu << 32 ^ length;
  }

  /** The same from a perf ring, which tells the CPU. */
  void record(int cpu, MemorySegment memory, long offset, int length) {
    assertThat(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset)).isEqualTo(cpu);
    record(memory, offset, length);
  }

  long records() {
    return records;
  }

  long checksum() {
    return checksum;
  }

  /** Sequence numbers left out before the last record of each CPU. */
  long missing() {
    return missing;
  }
}
