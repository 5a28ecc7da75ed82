package dev.whatif.core.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.PerfMmapPage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PerfRingProperties {

  private static final int SIZE = 4096;

  /** Whatever lies in the memory, no read leaves it, each ends, and sense is found again. */
  @Property(tries = 300)
  void nonsenseIsCountedAndLeftBehind(@ForAll long seed) {
    Random random = new Random(seed);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(4096, 8);
      MemorySegment data = arena.allocate(SIZE, 8);
      PerfRing ring = new PerfRing(page, data, arena.allocate(PerfRing.MOST_BYTES, 8));
      long head = 0;
      for (int round = 0; round < 20; round++) {
        for (long at = 0; at < SIZE; at += 8) {
          data.set(ValueLayout.JAVA_LONG, at, word(random));
        }
        head = random.nextInt(3) == 0 ? random.nextLong() : head + random.nextInt(SIZE / 8) * 8L;
        page.set(ValueLayout.JAVA_LONG, PerfMmapPage.DATA_HEAD, head);
        ring.refresh();
        int steps = 0;
        while (ring.hasRecord()) {
          int size = ring.size();
          assertThat(size % 8).isZero();
          assertThat((long) size).isBetween(8L, ring.waiting());
          data.set(ValueLayout.JAVA_LONG, random.nextInt(SIZE / 8) * 8L, word(random)); // meanwhile
          ring.show((memory, offset, length) -> {
            assertThat(length).isEqualTo(size);
            assertThat(offset + length).isLessThanOrEqualTo(memory.byteSize());
          });
          ring.consume();
          assertThat(++steps).isLessThanOrEqualTo(SIZE / 8);
        }
        ring.publish();
        assertThat(ring.waiting()).isZero();
      }
      long before = ring.damages();
      long start = page.get(ValueLayout.JAVA_LONG, PerfMmapPage.DATA_TAIL);
      data.set(ValueLayout.JAVA_LONG, start & SIZE - 1, 9 | 8L << 48);
      page.set(ValueLayout.JAVA_LONG, PerfMmapPage.DATA_HEAD, start + 8);
      ring.refresh();
      assertThat(ring.hasRecord()).isTrue();
      assertThat(ring.type()).isEqualTo(9);
      ring.consume();
      assertThat(ring.hasRecord()).isFalse();
      assertThat(ring.damages()).isEqualTo(before);
    }
  }

  private static long word(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> random.nextLong();
      case 1 -> (long) random.nextInt(20) * 8 << 48 | random.nextInt(20);
      default -> 0;
    };
  }
}
