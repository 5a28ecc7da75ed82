package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import java.lang.foreign.Arena;
import java.util.Random;

/**
 * One thread that writes known records into a ring: its number, a sequence number, and words that
 * follow from both; of any length.
 */
final class RingWriter {

  static final int HEADER = 16;
  static final int MOST = 400;
  static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

  private final RingMap ring;
  private final int slot;
  private final Random random;
  private final long draft;
  long sequence;
  long sent;
  long discarded;
  long refused;

  RingWriter(Arena arena, RingMap ring, int slot, long seed) {
    this.ring = ring;
    this.slot = slot;
    this.random = new Random(seed);
    this.draft = arena.allocate(MOST + 8, 8).address();
  }

  void write() {
    int length = HEADER + random.nextInt(MOST - HEADER);
    if (random.nextBoolean()) {
      fill(draft, length);
      count(ring.output(draft, length, 0, slot) == 0);
      return;
    }
    long sample = ring.reserve(length, 0, slot);
    if (sample != 0) {
      fill(sample, length);
      if (random.nextInt(4) == 0) {
        ring.discard(sample);
        discarded++;
        return;
      }
      ring.submit(sample);
    }
    count(sample != 0);
  }

  private void count(boolean written) {
    if (written) {
      sent++;
    } else {
      refused++;
    }
  }

  private void fill(long at, int length) {
    RawMemory.putLong(at, slot);
    RawMemory.putLong(at + 8, sequence);
    for (int i = HEADER; i < length; i++) {
      RawMemory.putByte(at + i, content(slot, sequence, i));
    }
    sequence++;
  }

  static byte content(long slot, long sequence, int i) {
    return (byte) (((slot << 32 | sequence) + i) * FACTOR >>> 56);
  }
}
