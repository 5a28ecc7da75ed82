package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The reader of a ring against pages that a test has made up. */
class RecordQueueProperties {

  private static final int SIZE = 4096;

  /** Made-up pages; the second mapping is a copy that {@link #mirror} brings up to date. */
  private static final class Pages {
    final MemorySegment consumer;
    final MemorySegment producer;
    final MemorySegment data;

    Pages(Arena arena) {
      consumer = arena.allocate(4096, 4096);
      producer = arena.allocate(4096, 4096);
      data = arena.allocate(2 * SIZE, 4096);
    }

    RecordQueue queue() {
      return new RecordQueue(consumer, producer, data);
    }

    void mirror() {
      MemorySegment.copy(data, 0, data, SIZE, SIZE);
    }

    long consumed() {
      return RingBufferDescriptor.position(consumer);
    }

    void produced(long position) {
      RingBufferDescriptor.position(producer, position);
    }

    void put(long position, int header) {
      data.set(ValueLayout.JAVA_INT, position & SIZE - 1, header);
    }
  }

  private record Written(long position, int length, boolean discarded) {}

  /** A producer as the kernel's, which reserves, commits in any order and discards. */
  @Property(tries = 100)
  void whatWasCommittedIsReadOnceAndInOrder(@ForAll long seed) {
    Random random = new Random(seed);
    try (Arena arena = Arena.ofConfined()) {
      Pages pages = new Pages(arena);
      long start = 8L * random.nextInt(1 << 20);
      pages.produced(start);
      RingBufferDescriptor.position(pages.consumer, start);
      RecordQueue queue = pages.queue();
      long position = start;
      List<Written> busy = new ArrayList<>();
      Deque<Written> expected = new ArrayDeque<>();
      long discarded = 0;
      for (int step = 0; step < 400; step++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            int length = random.nextInt(random.nextInt(10) == 0 ? 3000 : 100);
            long next = position + RingBufferDescriptor.recordBytes(length);
            if (next - pages.consumed() <= SIZE) {
              Written record = new Written(position, length, random.nextInt(5) == 0);
              pages.put(position, length | RingBufferDescriptor.BUSY);
              busy.add(record);
              expected.add(record);
              position = next;
              pages.mirror();
              pages.produced(position);
            }
          }
          case 2 -> {
            if (!busy.isEmpty()) {
              Written record = busy.remove(random.nextInt(busy.size()));
              discarded += record.discarded() ? 1 : 0;
              pages.put(
                  record.position(),
                  record.length() | (record.discarded() ? RingBufferDescriptor.DISCARD : 0));
              pages.mirror();
            }
          }
          default -> {
            queue.read(
                (memory, offset, length) -> take(expected, offset, length), 1 + random.nextInt(5));
            while (!expected.isEmpty()
                && expected.peek().discarded()
                && expected.peek().position() < pages.consumed()) {
              expected.poll();
            }
            boolean ready = !expected.isEmpty() && !busy.contains(expected.peek());
            assertThat(queue.isReady()).isEqualTo(ready);
          }
        }
      }
      for (Written record : busy) {
        discarded += record.discarded() ? 1 : 0;
        pages.put(
            record.position(),
            record.length() | (record.discarded() ? RingBufferDescriptor.DISCARD : 0));
      }
      pages.mirror();
      queue.read((memory, offset, length) -> take(expected, offset, length), Long.MAX_VALUE);
      assertThat(expected).allMatch(Written::discarded);
      assertThat(queue.discarded()).isEqualTo(discarded);
      assertThat(queue.damages()).isZero();
      assertThat(queue.waiting()).isZero();
      assertThat(pages.consumed()).isEqualTo(position);
    }
  }

  private static void take(Deque<Written> expected, long offset, int length) {
    while (expected.getFirst().discarded()) {
      expected.removeFirst();
    }
    Written next = expected.removeFirst();
    assertThat(length).isEqualTo(next.length());
    assertThat(offset).isEqualTo((next.position() & SIZE - 1) + RingBufferDescriptor.HEADER);
  }

  /** Whatever lies in the pages, no read leaves them, each ends, and sense is found again. */
  @Property(tries = 500)
  void nonsenseIsCountedAndLeftBehind(@ForAll long seed) {
    Random random = new Random(seed);
    try (Arena arena = Arena.ofConfined()) {
      Pages pages = new Pages(arena);
      RecordQueue queue = pages.queue();
      for (int round = 0; round < 20; round++) {
        for (long at = 0; at < SIZE; at += 8) {
          pages.data.set(ValueLayout.JAVA_LONG, at, header(random));
        }
        pages.mirror();
        pages.produced(position(random, pages.consumed()));
        queue.isReady();
        pages.produced(position(random, pages.consumed()));
        queue.read(
            (memory, offset, length) -> {
              assertThat(offset).isBetween(8L, (long) SIZE);
              assertThat(offset + length).isLessThanOrEqualTo(2L * SIZE);
              pages.put(random.nextInt(SIZE / 8) * 8L, (int) header(random)); // meanwhile
            },
            Long.MAX_VALUE);
        // somebody else writes our page
        RingBufferDescriptor.position(pages.consumer, random.nextLong());
      }
      // a position that cannot be is left behind, too, and then two records come
      pages.produced(7);
      queue.isReady();
      pages.produced(0);
      queue.isReady();
      pages.put(0, 16);
      pages.put(24, 5);
      pages.mirror();
      pages.produced(24 + 16);
      List<Integer> lengths = new ArrayList<>();
      queue.read((memory, offset, length) -> lengths.add(length), Long.MAX_VALUE);
      assertThat(lengths).containsExactly(16, 5);
      assertThat(queue.damages()).isPositive();
      assertThat(pages.consumed()).isEqualTo(24 + 16);
    }
  }

  private static long header(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt(64);
      case 2 -> random.nextInt(SIZE) | (random.nextBoolean() ? RingBufferDescriptor.DISCARD : 0);
      default -> 0;
    };
  }

  private static long position(Random random, long consumed) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> consumed + random.nextInt(SIZE + 1);
      case 2 -> consumed + random.nextInt(SIZE / 8) * 8L;
      default -> consumed - random.nextInt(SIZE);
    };
  }
}
