package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.RawMemory;
import dev.whatif.ebpf.map.code.MapRoutine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The same operations on two maps, by Java and by machine code: the same results, and the same
 * bytes in the whole memory afterwards.
 */
class MapCodeProperties {

  private static final int SLOTS = 3;
  private static final long[] FLAGS = {0, 0, 0, 1, 2, 3, 4, -1};

  @Provide
  Arbitrary<MapKind> kinds() {
    return Arbitraries.of(
        MapKind.ARRAY, MapKind.PERCPU_ARRAY, MapKind.HASH, MapKind.LRU_HASH, MapKind.PERCPU_HASH);
  }

  @Property(tries = 400)
  void machineCodeDoesTheSame(@ForAll @From("kinds") MapKind kind, @ForAll long seed) {
    Random random = new Random(seed);
    int keySize = kind.hashed() ? 1 + random.nextInt(40) : 4;
    int entries = 1 + random.nextInt(10);
    var definition = Definitions.of(kind, keySize, 1 + random.nextInt(40), entries);
    MapOptions options = new MapOptions(SLOTS, 0, 0);
    try (BpfMap java = BpfMap.create(definition, options);
        BpfMap code = BpfMap.create(definition, options);
        CalledCode called = new CalledCode();
        Arena arena = Arena.ofConfined()) {
      // LRU: so many that the hand must go around; others: sometimes more than there is room for
      int keys = kind == MapKind.LRU_HASH ? 300 : entries + 4;
      MemorySegment key = arena.allocate(64, 8);
      MemorySegment value = arena.allocate(64, 8);
      for (int i = 0; i < 300; i++) {
        key(random, key, keySize, random.nextInt(keys));
        for (int at = 0; at < 64; at++) {
          value.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
        }
        step(random, java, code, called, key.address(), value.address());
      }
      same(java, code);
    }
  }

  /** The first byte behind a key, or a value, is no part of it. */
  private static void key(Random random, MemorySegment key, int size, int number) {
    key.fill((byte) random.nextInt());
    Random content = new Random(number);
    for (int at = 0; at < size; at++) {
      boolean low = size == 4;
      key.set(
          ValueLayout.JAVA_BYTE,
          at,
          (byte) (low ? (at == 0 ? number : 0) : content.nextInt(at < size - 1 ? 2 : 256)));
    }
  }

  private static void step(
      Random random, BpfMap java, BpfMap code, CalledCode called, long key, long value) {
    int slot = random.nextInt(SLOTS + (random.nextInt(20) == 0 ? 3 : 0));
    MapKind kind = java.shape().kind();
    switch (random.nextInt(6)) {
      case 0 -> {
        long expected = slot < SLOTS || kind.perSlot() ? java.lookup(key, slot) : 0;
        if (slot < SLOTS || kind.perSlot()) {
          sameAddress(
              java,
              code,
              expected,
              called.call(routine(random, kind, "LOOKUP"), slot, code.address(), key));
        }
      }
      case 1 ->
          assertThat(called.call(MapRoutine.DELETE, slot, code.address(), key))
              .isEqualTo(java.delete(key, slot));
      case 2 -> {
        int other = random.nextInt(SLOTS + 2);
        long expected = kind.perSlot() ? java.lookup(key, other) : 0;
        sameAddress(
            java,
            code,
            expected,
            called.call(MapRoutine.LOOKUP_PERCPU, 0, code.address(), key, other));
      }
      default -> {
        long flags = FLAGS[random.nextInt(FLAGS.length)];
        assertThat(
                called.call(
                    routine(random, kind, "UPDATE"), slot, code.address(), key, value, flags))
            .as("%s, flags %d, slot %d", kind, flags, slot)
            .isEqualTo(java.update(key, value, flags, slot));
      }
    }
  }

  private static MapRoutine routine(Random random, MapKind kind, String operation) {
    return MapRoutine.valueOf(random.nextBoolean() ? operation : kind.name() + "_" + operation);
  }

  private static void sameAddress(BpfMap java, BpfMap code, long expected, long found) {
    assertThat(found == 0).isEqualTo(expected == 0);
    if (found != 0) {
      assertThat(found - code.address()).isEqualTo(expected - java.address());
    }
  }

  static void same(BpfMap java, BpfMap code) {
    MemorySegment left = RawMemory.segment(java.address(), java.memory().bytes());
    MemorySegment right = RawMemory.segment(code.address(), code.memory().bytes());
    assertThat(left.mismatch(right)).as("where the memory differs").isEqualTo(-1);
  }

  @Property(tries = 200)
  void ringsAreWrittenAlike(@ForAll long seed) {
    Random random = new Random(seed);
    var definition = Definitions.of(MapKind.RINGBUF, 0, 0, 4096 << random.nextInt(3));
    try (RingMap java = (RingMap) BpfMap.create(definition, new MapOptions(SLOTS, 0, 0));
        RingMap code = (RingMap) BpfMap.create(definition, new MapOptions(SLOTS, 0, 0));
        CalledCode called = new CalledCode();
        Arena arena = Arena.ofConfined()) {
      RingReader javaReader = RingReader.of(java, slot -> true);
      RingReader codeReader = RingReader.of(code, slot -> true);
      long data = arena.allocate(20_000, 8).address();
      RawMemory.putLong(data, seed);
      for (int i = 0; i < 300; i++) {
        int slot = random.nextInt(SLOTS);
        long length = random.nextInt(random.nextInt(10) == 0 ? 20_000 : 300);
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            long flags = random.nextInt(5);
            assertThat(
                    called.call(
                        MapRoutine.RINGBUF_OUTPUT, slot, code.address(), data, length, flags))
                .isEqualTo(java.output(data, length, flags, slot));
          }
          case 2, 3 -> {
            long flags = random.nextInt(20) == 0 ? 1 : 0;
            long expected = java.reserve(length, flags, slot);
            long found =
                called.call(MapRoutine.RINGBUF_RESERVE, slot, code.address(), length, flags);
            sameAddress(java, code, expected, found);
            if (found != 0 && random.nextBoolean()) {
              called.call(MapRoutine.RINGBUF_SUBMIT, slot, found, 0);
              java.submit(expected);
            } else if (found != 0) {
              called.call(MapRoutine.RINGBUF_DISCARD, slot, found, 0);
              java.discard(expected);
            }
          }
          default -> {
            long most = random.nextInt(10);
            assertThat(codeReader.read((memory, at, bytes) -> {}, most))
                .isEqualTo(javaReader.read((memory, at, bytes) -> {}, most));
          }
        }
        long what = random.nextInt(6);
        assertThat(called.call(MapRoutine.RINGBUF_QUERY, slot, code.address(), what))
            .isEqualTo(java.query(what));
      }
      same(java, code);
      assertThat(codeReader.damages()).isZero();
    }
  }

  @Property(tries = 50)
  void perfBuffersAreWrittenAlike(@ForAll long seed) {
    Random random = new Random(seed);
    var definition = Definitions.of(MapKind.PERF_EVENT_ARRAY, 4, 4, 0);
    MapOptions options = new MapOptions(SLOTS, 0, 4096);
    try (PerfEventMap java = (PerfEventMap) BpfMap.create(definition, options);
        PerfEventMap code = (PerfEventMap) BpfMap.create(definition, options);
        CalledCode called = new CalledCode();
        Arena arena = Arena.ofConfined()) {
      long data = arena.allocate(1000, 8).address();
      for (int i = 0; i < 100; i++) {
        int slot = random.nextInt(SLOTS);
        long length = random.nextInt(200);
        long flags =
            new long[] {0xffff_ffffL, 0xffff_ffffL, slot, random.nextInt(5), 1L << 33}
                [random.nextInt(5)];
        assertThat(
                called.call(
                    MapRoutine.PERF_EVENT_OUTPUT, slot, code.address(), flags, data, length))
            .isEqualTo(java.output(flags, data, length, slot));
      }
      same(java, code);
    }
  }
}
