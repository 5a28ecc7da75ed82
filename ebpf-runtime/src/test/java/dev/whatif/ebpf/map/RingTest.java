package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.RawMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Rings within one process. */
class RingTest {

  private static final int WRITERS = 4;

  private static RingMap ring(int bytes) {
    return (RingMap)
        BpfMap.create(
            Definitions.of(MapKind.RINGBUF, 0, 0, bytes), new MapOptions(WRITERS + 1, 0, 0));
  }

  @Test
  void whatWasWrittenIsReadOrCounted() throws Exception {
    try (RingMap ring = ring(8192);
        Arena arena = Arena.ofShared();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      RingReader reader = RingReader.of(ring, slot -> true);
      List<RingWriter> writers = new ArrayList<>();
      List<Future<?>> running = new ArrayList<>();
      for (int slot = 0; slot < WRITERS; slot++) {
        RingWriter writer = new RingWriter(arena, ring, slot, slot);
        writers.add(writer);
        running.add(
            threads.submit(() -> {
              for (int i = 0; i < 50_000; i++) {
                writer.write();
              }
            }));
      }
      RingCheck check = new RingCheck(WRITERS);
      while (!running.stream().allMatch(Future::isDone)) {
        reader.read(check, 10);
      }
      reader.read(check);
      for (Future<?> thread : running) {
        thread.get();
      }
      assertThat(reader.records()).isEqualTo(writers.stream().mapToLong(w -> w.sent).sum());
      assertThat(reader.discarded()).isEqualTo(writers.stream().mapToLong(w -> w.discarded).sum());
      assertThat(reader.dropped()).isEqualTo(writers.stream().mapToLong(w -> w.refused).sum());
      assertThat(reader.dropped()).isPositive();
      assertThat(reader.damages()).isZero();
      assertThat(reader.waiting()).isZero();
      assertThat(ring.query(0)).isZero();
    }
  }

  @Test
  void aRecordMayGoOverTheEnd() {
    try (RingMap ring = ring(4096);
        Arena arena = Arena.ofConfined()) {
      RingReader reader = RingReader.of(ring, slot -> true);
      MemorySegment data = arena.allocate(4088, 8);
      for (int i = 0; i < 100; i++) {
        data.fill((byte) i);
        int number = i;
        assertThat(ring.output(data.address(), 4080 - 8 * (i % 7), 0, 1)).isZero();
        assertThat(ring.query(0)).isEqualTo(4088 - 8 * (i % 7));
        assertThat(ring.reserve(8 * (i % 7), 0, 1)).as("a header more than there is room").isZero();
        reader.read((memory, offset, length) -> {
          assertThat(length).isEqualTo(4080 - 8 * (number % 7));
          assertThat(memory.asSlice(offset, length).mismatch(data.asSlice(0, length)))
              .isEqualTo(-1);
        });
        assertThat(reader.records()).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void aWriterThatStandsStillIsWaitedForAndADeadOneIsNot() {
    try (RingMap ring = ring(4096)) {
      boolean[] dead = new boolean[WRITERS];
      RingReader reader = RingReader.of(ring, slot -> !dead[slot]);
      List<Long> shown = new ArrayList<>();
      long first = ring.reserve(8, 0, 1);
      long second = ring.reserve(8, 0, 2);
      long third = ring.reserve(8, 0, 3);
      RawMemory.putLong(first, 1);
      RawMemory.putLong(third, 3);
      ring.submit(third);
      reader.read((memory, at, length) -> shown.add(RawMemory.getLong(memory.address() + at)));
      assertThat(shown).isEmpty();
      dead[2] = true; // not the one that is waited for
      reader.read((memory, at, length) -> shown.add(RawMemory.getLong(memory.address() + at)));
      assertThat(shown).isEmpty();
      assertThat(reader.waiting()).isEqualTo(48);
      ring.submit(first);
      reader.read((memory, at, length) -> shown.add(RawMemory.getLong(memory.address() + at)));
      assertThat(shown).containsExactly(1L, 3L);
      assertThat(reader.abandoned()).isEqualTo(1);
      assertThat(ring.abandoned()).isEqualTo(1);
      assertThat(second).isNotZero();
    }
  }

  /** As if it had stopped between the two steps: its descriptor is there, the position is not. */
  @Test
  void aWriterThatStoppedHalfwayHoldsUpNobody() {
    try (RingMap ring = ring(4096)) {
      RawMemory.putLong(
          ring.ring().descriptor(0), RingLayout.descriptor(RingLayout.BUSY, 2, 0, 100));
      long behind = ring.reserve(8, 0, 1);
      assertThat(behind - ring.ring().data()).isEqualTo(RingLayout.taken(100) + 8);
      ring.submit(behind);
      // and one that is the last
      RawMemory.putLong(
          ring.ring().descriptor(ring.query(3)), RingLayout.descriptor(RingLayout.BUSY, 3, 0, 100));
      RingReader reader = RingReader.of(ring, slot -> slot == 1);
      assertThat(reader.read((memory, at, length) -> {})).isEqualTo(1);
      assertThat(reader.abandoned()).isEqualTo(2);
      assertThat(reader.waiting()).isZero();
    }
  }

  @Test
  void whatTheDeadHaveReservedIsGivenUpBeforeTheirSlotIsAnothers() {
    try (RingMap ring = ring(4096)) {
      for (int i = 0; i < 10; i++) {
        ring.reserve(i, 0, 1 + i % 2);
      }
      assertThat(ring.sweep(slot -> slot != 1)).isEqualTo(5);
      assertThat(ring.sweep(slot -> slot != 1)).isZero();
      RingReader reader = RingReader.of(ring, slot -> slot == 1);
      reader.read((memory, at, length) -> {
        throw new AssertionError();
      });
      assertThat(reader.abandoned()).isEqualTo(10);
      assertThat(reader.waiting()).isZero();
    }
  }

  @Test
  void aPerfBufferHasARingForEachSlot() {
    try (PerfEventMap map =
            (PerfEventMap)
                BpfMap.create(
                    Definitions.of(MapKind.PERF_EVENT_ARRAY, 4, 4, 0), new MapOptions(3, 0, 4096));
        Arena arena = Arena.ofConfined()) {
      long data = arena.allocate(4000).address();
      assertThat(map.output(0xffff_ffffL, data, 100, 1)).isZero();
      assertThat(map.output(1, data, 50, 1)).isZero();
      assertThat(map.output(2, data, 100, 1)).isEqualTo(BpfMap.EOPNOTSUPP);
      assertThat(map.output(3, data, 100, 1)).isEqualTo(BpfMap.E2BIG);
      assertThat(map.output(-1, data, 100, 1)).isEqualTo(BpfMap.EINVAL);
      assertThat(map.output(2, data, 3990, 2)).isZero();
      assertThat(map.output(2, data, 100, 2)).isEqualTo(-28); // ENOSPC
      assertThat(map.dropped()).isEqualTo(1);
      RingReader reader = RingReader.of(map, 1, slot -> true);
      assertThat(reader.read((memory, at, length) -> {})).isEqualTo(2);
      assertThat(reader.bytes()).isEqualTo(150);
    }
  }
}
