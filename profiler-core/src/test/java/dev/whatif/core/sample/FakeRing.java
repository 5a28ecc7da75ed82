package dev.whatif.core.sample;

import dev.whatif.core.linux.PerfMmapPage;
import dev.whatif.core.ring.PerfRing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A ring that a test fills as the kernel would: wherever the records fall, also across the end. */
final class FakeRing {

  private final MemorySegment page;
  private final MemorySegment data;
  final PerfRing ring;
  private long head;

  FakeRing(Arena arena, int size) {
    page = arena.allocate(4096, 8);
    data = arena.allocate(size, 8);
    ring = new PerfRing(page, data, arena.allocate(1 << 16, 8));
  }

  /**
   * Writes a record that is no sample.
   *
   * @return false when there is no room
   */
  boolean write(int type, long time, long... body) {
    long size = 8L * (body.length + 3);
    long tail = page.get(ValueLayout.JAVA_LONG, PerfMmapPage.DATA_TAIL);
    if (head + size - tail > data.byteSize()) {
      return false;
    }
    put(0, type | (size << 48));
    for (int i = 0; i < body.length; i++) {
      put(8 + i * 8L, body[i]);
    }
    put(size - 16, 0);
    put(size - 8, time);
    head += size;
    page.set(ValueLayout.JAVA_LONG, PerfMmapPage.DATA_HEAD, head);
    return true;
  }

  private void put(long offset, long value) {
    data.set(ValueLayout.JAVA_LONG, (head + offset) & (data.byteSize() - 1), value);
  }
}
