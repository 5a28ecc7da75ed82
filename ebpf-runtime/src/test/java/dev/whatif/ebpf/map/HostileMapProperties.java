package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.linux.RawMemory;
import java.lang.foreign.Arena;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever other processes write into a map's memory: nothing here leaves the memory or goes on for
 * ever. (What leaves it ends the JVM, and what goes on for ever the build.)
 */
class HostileMapProperties {

  private static final int SLOTS = 3;

  private static BpfMap map(MapKind kind, Random random) {
    int key = kind == MapKind.RINGBUF ? 0 : kind.hashed() ? 1 + random.nextInt(20) : 4;
    int value =
        switch (kind) {
          case RINGBUF -> 0;
          case PROG_ARRAY, PERF_EVENT_ARRAY -> 4;
          case STACK_TRACE -> 40;
          case ARRAY, PERCPU_ARRAY, HASH, PERCPU_HASH, LRU_HASH -> 1 + random.nextInt(30);
        };
    int entries = kind == MapKind.RINGBUF ? 4096 : 1 + random.nextInt(20);
    return BpfMap.create(Definitions.of(kind, key, value, entries), new MapOptions(SLOTS, 0, 4096));
  }

  @Property(tries = 300)
  void aDamagedHeaderIsRefused(@ForAll MapKind kind, @ForAll long seed) {
    Random random = new Random(seed);
    try (BpfMap map = map(kind, random)) {
      int offset = random.nextInt(MapLayout.NAME_OFFSET / 4) * 4;
      int before = RawMemory.getInt(map.address() + offset);
      int after = random.nextBoolean() ? random.nextInt() : before + random.nextInt(5) - 2;
      RawMemory.putInt(map.address() + offset, after);
      // sizes that differ and still give the same places are another map, and no harm
      boolean computed =
          offset < MapLayout.KIND_OFFSET
              || offset >= MapLayout.REGION_BYTES_OFFSET
                  && offset < MapLayout.RING_BYTES_OFFSET + Long.BYTES;
      try (BpfMap attached = BpfMap.attach(map.memory().mapAgain(), 0);
          Arena arena = Arena.ofConfined()) {
        assertThat(after == before || !computed)
            .as("%s, offset %d: %d for %d", kind, offset, after, before)
            .isTrue();
        for (int i = 0; i < 20; i++) {
          attempt(attached, arena, random);
        }
      } catch (BadDataException e) {
        assertThat(e).hasMessageMatching("(?s).*(damaged|holds no map).*");
      }
    }
  }

  @Property(tries = 300)
  void damagedContentsHarmNobody(@ForAll MapKind kind, @ForAll long seed) {
    Random random = new Random(seed);
    try (BpfMap map = map(kind, random);
        Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < 20; i++) {
        attempt(map, arena, random);
      }
      int damages = 1 + random.nextInt(40);
      for (int i = 0; i < damages; i++) {
        damage(map, random);
      }
      for (int i = 0; i < 20; i++) {
        try {
          attempt(map, arena, random);
        } catch (BadDataException e) {
          assertThat(e).hasMessageContaining("damaged");
        }
      }
    }
  }

  private static void damage(BpfMap map, Random random) {
    long hot = MapLayout.MAIN_LIST_OFFSET;
    long bytes = map.memory().bytes() - hot;
    long at =
        random.nextInt(4) == 0
            ? hot + random.nextInt(3) * 64L
            : hot + random.nextLong(bytes / 8) * 8;
    long number = random.nextInt(300);
    RawMemory.putLong(
        map.address() + at,
        switch (random.nextInt(5)) {
          case 0 -> random.nextLong();
          case 1 -> number;
          case 2 -> number | 1L << 31;
          case 3 -> number | 1L << 63 | (long) random.nextInt(3) << 52;
          default -> RawMemory.getLong(map.address() + at) + number - 150;
        });
  }

  private static void attempt(BpfMap map, Arena arena, Random random) {
    long key = arena.allocate(64, 8).address();
    long value = arena.allocate(256, 8).address();
    for (int i = 0; i < 64; i += 4) {
      RawMemory.putInt(key + i, random.nextInt(24));
    }
    int slot = random.nextInt(SLOTS);
    switch (random.nextInt(6)) {
      case 0 -> map.lookup(key, slot);
      case 1 -> map.delete(key, slot);
      case 2 -> map.entries();
      case 3 -> map.sweep(s -> s == 0);
      default -> map.update(key, value, random.nextInt(3), slot);
    }
    if (map instanceof RingMap ring) {
      ring.output(value, random.nextInt(200), 0, slot);
      RingReader.of(ring, s -> s != 2)
          .read((memory, at, length) ->
              assertThat(memory.asSlice(at, length).byteSize()).isEqualTo(length));
    }
    if (map instanceof PerfEventMap perf) {
      perf.output(slot, value, random.nextInt(200), slot);
      RingReader.of(perf, slot, s -> s != 2).read((memory, at, length) -> {}, 5);
    }
    if (map instanceof StackTraceMap stacks) {
      stacks.stackId(value, random.nextInt(6), StackTraceMap.REUSE, slot);
      byte[] id = {(byte) random.nextInt(32), 0, 0, 0};
      stacks.lookup(id);
    }
  }
}
