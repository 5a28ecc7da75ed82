package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.Memfd;
import dev.whatif.core.linux.RawMemory;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.Pinning;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What else maps and their memory do. */
class ProgramSideTest {

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  @Test
  void globalDataHaveTheirInitialValueAndMayBeFrozen() {
    MapDefinition data =
        new MapDefinition(
            ".rodata",
            MapDefinition.ARRAY,
            4,
            3,
            1,
            MapDefinition.READ_ONLY_PROGRAM,
            0,
            0,
            0,
            0,
            Pinning.NONE,
            Optional.empty(),
            List.of(),
            new byte[] {1, 2, 3},
            true);
    try (BpfMap map = BpfMap.create(data)) {
      assertThat(map.lookup(bytes(0))).contains(new byte[] {1, 2, 3});
      assertThat(RawMemory.getByte(map.firstValue() + 2)).isEqualTo((byte) 3);
      assertThat(map.update(bytes(0), new byte[3])).isEqualTo(-Errno.EPERM.value());
      assertThat(map.name()).isEqualTo(".rodata");
    }
  }

  @Test
  void theSameMemoryMappedTwiceIsTheSameMap() {
    try (BpfMap map = BpfMap.create(Definitions.of(MapKind.HASH, 4, 4, 10));
        BpfMap again = BpfMap.attach(map.memory().mapAgain(), 1)) {
      assertThat(again.address()).isNotEqualTo(map.address());
      assertThat(again.shape()).isEqualTo(map.shape());
      assertThat(map.update(bytes(1), bytes(2))).isZero();
      assertThat(again.lookup(bytes(1))).contains(bytes(2));
      assertThat(again.delete(bytes(1))).isZero();
      assertThat(map.lookup(bytes(1))).isEmpty();
    }
  }

  @Test
  void memoryThatIsNoMapIsRefused() {
    assertThatThrownBy(() -> MapMemory.open(Memfd.create("open", Memfd.MFD_CLOEXEC)))
        .isInstanceOf(BadDataException.class);
    assertThatThrownBy(() -> BpfMap.attach(MapMemory.create("empty", 8192), 0))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("holds no map");
    assertThatThrownBy(() -> MapMemory.open(1, 12_345)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void everyByteOfAValueBelongsToItAndNoOther() {
    for (MapKind kind : MapKind.values()) {
      if (!kind.hashed() && kind != MapKind.ARRAY && kind != MapKind.PERCPU_ARRAY) {
        continue;
      }
      try (BpfMap map = BpfMap.create(Definitions.of(kind, 4, 5, 3), new MapOptions(3, 0, 0));
          Arena arena = Arena.ofConfined()) {
        long key = arena.allocate(8, 8).address();
        for (int slot = 0; slot < 3; slot++) {
          for (int i = 0; i < 3; i++) {
            RawMemory.putInt(key, i);
            map.update(key, key, 0, slot);
            long value = map.lookup(key, slot);
            for (int at = 0; at < 5; at++) {
              assertThat(map.valueStart(value + at)).as("%s %d", kind, at).isEqualTo(value);
            }
            assertThat(map.valueStart(value + 5)).isZero();
            assertThat(map.valueStart(value - 1)).isZero();
          }
        }
        assertThat(map.valueStart(map.address())).isZero();
        assertThat(map.valueStart(map.address() + map.memory().bytes())).isZero();
        assertThat(map.valueStart(0)).isZero();
        assertThat(map.valueStart(Long.MAX_VALUE)).isZero();
      }
    }
  }

  @Test
  void aProgramArrayHoldsNumbersOfPrograms() {
    try (ProgramArrayMap map =
        (ProgramArrayMap) BpfMap.create(Definitions.of(MapKind.PROG_ARRAY, 4, 4, 3))) {
      assertThat(map.update(bytes(1), bytes(77))).isZero();
      assertThat(map.program(1)).isEqualTo(77);
      assertThat(map.program(0)).isZero();
      assertThat(map.program(3)).isZero();
      assertThat(map.program(-1)).isZero();
      assertThat(map.update(bytes(3), bytes(77))).isEqualTo(BpfMap.E2BIG);
      assertThat(map.update(bytes(1), bytes(77), 2)).isEqualTo(BpfMap.EINVAL);
      assertThat(map.update(bytes(1), bytes(0))).isEqualTo(-Errno.EBADF.value());
      assertThat(map.entries()).hasSize(1);
      assertThat(map.delete(bytes(1))).isZero();
      assertThat(map.delete(bytes(1))).isEqualTo(BpfMap.ENOENT);
      assertThat(map.delete(bytes(9))).isEqualTo(BpfMap.E2BIG);
    }
  }

  @Test
  void eachThreadCountsForItselfAndReadersSeeAll() throws Exception {
    try (BpfMap map =
        BpfMap.create(Definitions.of(MapKind.PERCPU_HASH, 4, 8, 4), new MapOptions(4, 0, 0))) {
      Thread[] threads = new Thread[4];
      for (int slot = 0; slot < 4; slot++) {
        int own = slot;
        threads[slot] =
            new Thread(() -> {
              try (Arena arena = Arena.ofConfined()) {
                long memory = arena.allocate(16, 8).address();
                map.update(memory, memory + 8, 1, own); // the first one makes it
                for (int i = 0; i < 10_000 * (own + 1); i++) {
                  long value = map.lookup(memory, own);
                  RawMemory.putLong(value, RawMemory.getLong(value) + 1);
                }
              }
            });
        threads[slot].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      List<byte[]> values = map.lookupPerSlot(bytes(0));
      assertThat(values).hasSize(4);
      for (int slot = 0; slot < 4; slot++) {
        long counted = ByteBuffer.wrap(values.get(slot)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(counted).isEqualTo(10_000L * (slot + 1));
      }
      assertThat(map.lookupSum(bytes(0))).containsExactly(100_000);
      assertThat(map.lookupSum(bytes(1))).isEmpty();
    }
  }

  @Test
  void aProgramGoesThroughAllElements() {
    try (HashTableMap map = (HashTableMap) BpfMap.create(Definitions.of(MapKind.HASH, 4, 4, 100));
        Arena arena = Arena.ofConfined()) {
      Map<Integer, Integer> expected = new HashMap<>();
      long memory = arena.allocate(8, 8).address();
      for (int i = 0; i < 100; i++) {
        RawMemory.putInt(memory, i);
        RawMemory.putInt(memory + 4, -i);
        map.update(memory, memory + 4, 0, 1);
        expected.put(i, -i);
      }
      Map<Integer, Integer> seen = new HashMap<>();
      map.forEach(
          (key, value) -> {
            seen.put(RawMemory.getInt(key), RawMemory.getInt(value));
            return true;
          },
          1);
      assertThat(seen).isEqualTo(expected);
      int[] count = {0};
      map.forEach((key, value) -> ++count[0] < 7, 1);
      assertThat(count[0]).isEqualTo(7);
    }
  }

  @Test
  void arraysAreGoneThroughToo() {
    try (BpfMap map =
        BpfMap.create(Definitions.of(MapKind.PERCPU_ARRAY, 4, 8, 5), new MapOptions(3, 0, 0))) {
      int[] count = {0};
      map.forEach(
          (key, value) -> {
            assertThat(RawMemory.getInt(key)).isEqualTo(count[0]++);
            assertThat(value).isEqualTo(map.lookup(key, 2));
            return true;
          },
          2);
      assertThat(count[0]).isEqualTo(5);
    }
  }

  @Test
  void aSlotIsOneThreadsUntilThatIsProvenDead() throws Exception {
    try (ThreadSlots slots = ThreadSlots.create(3);
        ThreadSlots again = ThreadSlots.attach(slots.memory().mapAgain())) {
      ThreadIdentity here = ThreadIdentity.current();
      assertThat(slots.acquire(here)).isZero();
      assertThat(again.owner(0)).contains(here);
      assertThat(again.isLive(0)).isTrue();
      assertThat(again.isLive(1)).isFalse();
      assertThat(again.isLive(-1)).isFalse();
      Process other = new ProcessBuilder("sleep", "100").start();
      ThreadIdentity sleeper = ThreadIdentity.of((int) other.pid()).orElseThrow();
      int slot = slots.acquire(sleeper);
      assertThat(again.isLive(slot)).isTrue();
      other.destroyForcibly().waitFor();
      assertThat(again.isLive(slot)).isFalse();
      // the same number, another thread
      assertThat(new ThreadIdentity(here.tid(), here.startTicks() - 1).isDead()).isTrue();
      assertThat(slots.retire(slot, here)).isFalse();
      assertThat(slots.retire(slot, sleeper)).isTrue();
      slots.acquire(here);
      slots.acquire(here);
      assertThatThrownBy(() -> slots.acquire(here)).isInstanceOf(UnavailableException.class);
      again.release(0);
      assertThat(slots.acquire(here)).isZero();
    }
  }
}
