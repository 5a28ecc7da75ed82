package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.Memfd;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfMmapPage;
import dev.whatif.core.ring.PerfRing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The reader of a CPU's perf ring against pages that a test has made up. */
class PerfOutputRingProperties {

  private static final int SIZE = 4096;

  /** Whatever lies there, what is handed out lies in the memory it was handed out with. */
  @Property(tries = 200)
  void nonsenseIsCounted(@ForAll long seed) {
    Random random = new Random(seed);
    try (Arena arena = Arena.ofConfined();
        Descriptor event = new Descriptor("made up", Memfd.create("made-up", 0))) {
      MemorySegment page = arena.allocate(SIZE, 8);
      MemorySegment data = arena.allocate(SIZE, 8);
      PerfRing memory = new PerfRing(page, data, arena.allocate(PerfRing.MOST_BYTES, 8));
      PerfOutputRing ring = new PerfOutputRing(0, event, false, memory);
      long head = 0;
      for (int round = 0; round < 20; round++) {
        for (long at = 0; at < SIZE; at += 8) {
          data.set(ValueLayout.JAVA_LONG, at, word(random));
        }
        head += random.nextInt(SIZE / 8) * 8L;
        page.set(ValueLayout.JAVA_LONG, PerfMmapPage.DATA_HEAD, head);
        ring.read((cpu, segment, offset, length) -> {
          assertThat(length).isNotNegative();
          assertThat(offset + length).isLessThanOrEqualTo(segment.byteSize());
        });
      }
      assertThat(ring.damages()).isPositive();
    }
  }

  private static long word(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> (long) random.nextInt(20) * 8 << 48 | PerfEvent.PERF_RECORD_SAMPLE;
      case 2 -> (long) random.nextInt(8) * 8 << 48 | PerfEvent.PERF_RECORD_LOST;
      default -> random.nextInt(100);
    };
  }
}
