package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.CpuList;
import dev.whatif.core.linux.Unistd;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Requires({Requirement.ROOT, Requirement.BPF})
class KernelMapTest {

  private static final byte[] ONE = {1, 0, 0, 0};
  private static final byte[] TWO = {2, 0, 0, 0};
  private static final byte[] VALUE = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final byte[] OTHER = {8, 7, 6, 5, 4, 3, 2, 1};

  private static KernelMap map(MapType type) {
    return KernelMap.create(new MapSpec("whatif_test", type, 4, 8, 4));
  }

  @ParameterizedTest
  @EnumSource(names = {"HASH", "LRU_HASH", "ARRAY"})
  void whatIsPutInIsThere(MapType type) {
    try (KernelMap map = map(type)) {
      map.update(ONE, VALUE);
      assertThat(map.lookup(ONE)).contains(VALUE);
      map.update(ONE, OTHER, KernelMap.Mode.REPLACE);
      assertThat(map.lookup(ONE)).contains(OTHER);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HASH", "LRU_HASH", "PERCPU_HASH", "LRU_PERCPU_HASH"})
  void aHashHasOnlyWhatWasPutIn(MapType type) {
    try (KernelMap map = map(type)) {
      assertThat(map.lookup(ONE)).isEmpty();
      map.update(ONE, new byte[map.elementBytes()], KernelMap.Mode.CREATE);
      assertThat(map.lookup(ONE)).isPresent();
      assertThat(map.lookup(TWO)).isEmpty();
      assertThat(map.nextKey(new byte[0])).contains(ONE);
      assertThat(map.nextKey(ONE)).isEmpty();
      assertThat(map.delete(ONE)).isTrue();
      assertThat(map.delete(ONE)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PERCPU_HASH", "PERCPU_ARRAY", "LRU_PERCPU_HASH"})
  void everyPossibleCpuHasItsOwnValue(MapType type) {
    int cpus = CpuList.possible().length;
    try (KernelMap map = KernelMap.create(new MapSpec("percpu", type, 4, 6, 4))) {
      byte[] value = {1, 2, 3, 4, 5, 6};
      map.updatePerCpu(ONE, Collections.nCopies(cpus, value));
      assertThat(map.lookupPerCpu(ONE))
          .hasSize(cpus)
          .allSatisfy(v -> assertThat(v).isEqualTo(value));
    }
  }

  @Test
  void aQueueGivesTheOldestAndAStackTheYoungest() {
    try (KernelMap queue = KernelMap.create(new MapSpec("queue", MapType.QUEUE, 0, 8, 4));
        KernelMap stack = KernelMap.create(new MapSpec("stack", MapType.STACK, 0, 8, 4))) {
      queue.push(VALUE);
      queue.push(OTHER);
      stack.push(VALUE);
      stack.push(OTHER);
      assertThat(queue.peek()).contains(VALUE);
      assertThat(queue.pop()).contains(VALUE);
      assertThat(stack.pop()).contains(OTHER);
      assertThat(stack.pop()).contains(VALUE);
      assertThat(stack.pop()).isEmpty();
    }
  }

  @Test
  void aBloomFilterKnowsWhatItHasSeen() {
    try (KernelMap bloom =
        KernelMap.create(new MapSpec("bloom", MapType.BLOOM_FILTER, 0, 8, 100).extra(5))) {
      assertThat(bloom.mayContain(VALUE)).isFalse();
      bloom.push(VALUE);
      assertThat(bloom.mayContain(VALUE)).isTrue();
      assertThat(bloom.info().extra()).isEqualTo(5);
    }
  }

  @Test
  void theLongestPrefixWins() {
    try (KernelMap tree =
        KernelMap.create(
            new MapSpec("prefixes", MapType.LPM_TRIE, 8, 8, 4).flags(Bpf.BPF_F_NO_PREALLOC))) {
      tree.update(new byte[] {8, 0, 0, 0, 10, 0, 0, 0}, VALUE);
      tree.update(new byte[] {16, 0, 0, 0, 10, 1, 0, 0}, OTHER);
      assertThat(tree.lookup(new byte[] {32, 0, 0, 0, 10, 2, 3, 4})).contains(VALUE);
      assertThat(tree.lookup(new byte[] {32, 0, 0, 0, 10, 1, 3, 4})).contains(OTHER);
      assertThat(tree.lookup(new byte[] {32, 0, 0, 0, 11, 1, 3, 4})).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
  void aMapOfMapsHoldsMaps(MapType type) {
    try (KernelMap inner = map(MapType.HASH);
        KernelMap outer = KernelMap.create(new MapSpec("outer", type, 4, 4, 4).inner(inner))) {
      outer.update(ONE, inner);
      byte[] id = outer.lookup(ONE).orElseThrow();
      assertThat(MemorySegment.ofArray(id).get(ValueLayout.JAVA_INT_UNALIGNED, 0))
          .isEqualTo(inner.id());
      try (KernelMap again = KernelMap.byId(inner.id())) {
        again.update(TWO, VALUE);
      }
      assertThat(inner.lookup(TWO)).contains(VALUE);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RINGBUF", "USER_RINGBUF"})
  void aRingIsMadeOfPages(MapType type) {
    try (KernelMap ring =
        KernelMap.create(new MapSpec("ring", type, 0, 0, 4 * Unistd.getpagesize()))) {
      assertThat(ring.info().maxEntries()).isEqualTo(4 * Unistd.getpagesize());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PERF_EVENT_ARRAY", "PROG_ARRAY", "CGROUP_ARRAY", "STACK_TRACE"})
  void mapsForTheKernelsOwnUseAreMade(MapType type) {
    int valueBytes = type == MapType.STACK_TRACE ? 8 * 127 : 4;
    try (KernelMap map = KernelMap.create(new MapSpec("kernels", type, 4, valueBytes, 4))) {
      assertThat(map.info().type()).isEqualTo(type);
    }
  }

  @Test
  void anArenaIsMemoryThatBothSidesAddress() {
    try (KernelMap arena =
        KernelMap.create(new MapSpec("arena", MapType.ARENA, 0, 0, 10).flags(Bpf.BPF_F_MMAPABLE))) {
      assertThat(arena.info().maxEntries()).isEqualTo(10);
    }
  }

  @Test
  void aKeyOfAnotherLengthIsRefusedBeforeTheKernelReadsBehindIt() {
    try (KernelMap map = map(MapType.HASH)) {
      assertThatThrownBy(() -> map.nextKey(new byte[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has 4 bytes, not 1");
      assertThat(map.nextKey(new byte[0])).isEmpty();
    }
  }

  @Test
  void aFrozenMapTakesNoUpdates() {
    try (KernelMap map = map(MapType.ARRAY)) {
      map.update(ONE, VALUE);
      map.freeze();
      assertThatThrownBy(() -> map.update(ONE, OTHER))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("whatif_test")
          .hasMessageContaining("frozen");
      assertThat(map.lookup(ONE)).contains(VALUE);
    }
  }

  @Test
  void whatOnlyTheKernelMayReadIsSaidToBeSo() {
    try (KernelMap map =
        KernelMap.create(new MapSpec("events", MapType.PERF_EVENT_ARRAY, 4, 4, 4))) {
      assertThatThrownBy(() -> map.lookup(ONE))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("events")
          .hasMessageContaining("not possible from user space");
    }
  }

  @Test
  void aFullHashSaysSo() {
    try (KernelMap map = KernelMap.create(new MapSpec("small", MapType.HASH, 4, 8, 1))) {
      map.update(ONE, VALUE);
      assertThatThrownBy(() -> map.update(TWO, VALUE))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("full");
    }
  }

  @Test
  void bpftoolSeesTheSameMap() {
    try (KernelMap map = map(MapType.HASH)) {
      map.update(ONE, VALUE);
      String id = Integer.toString(map.id());
      assertThat(Programs.run("bpftool", "map", "show", "id", id))
          .contains("hash", "name whatif_test", "key 4B", "value 8B", "max_entries 4");
      assertThat(Programs.run("bpftool", "map", "dump", "id", id))
          .contains("01 00 00 00", "01 02 03 04 05 06 07 08");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HASH", "LRU_HASH", "ARRAY", "PERCPU_HASH", "PERCPU_ARRAY"})
  void allElementsAreReadOnce(MapType type) {
    try (KernelMap map = KernelMap.create(new MapSpec("many", type, 4, 8, 5000))) {
      byte[] value = new byte[map.elementBytes()];
      for (int i = 0; i < 5000; i++) {
        byte[] key = {(byte) i, (byte) (i >> 8), 0, 0};
        map.update(key, value);
      }
      List<MapEntries.Entry> entries = MapEntries.of(map);
      // an LRU map may have dropped some to make room for others
      assertThat(entries.size()).isBetween(type == MapType.LRU_HASH ? 4000 : 5000, 5000);
      assertThat(entries.stream().map(e -> Programs.hex(e.key()))).doesNotHaveDuplicates();
    }
  }

  @Test
  void aClosedMapIsGone() {
    KernelMap map = map(MapType.HASH);
    int id = map.id();
    map.close();
    map.close();
    assertThatThrownBy(map::fd).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> KernelMap.byId(id).close())
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no BPF map " + id);
  }
}
