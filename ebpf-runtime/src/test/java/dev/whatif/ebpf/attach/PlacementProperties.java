package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Where memory is put, in the target's address space and within a region. */
class PlacementProperties {

  private static final long REACH = 1L << 31;

  private static Mapping mapping(long start, long end, String path) {
    return new Mapping(start, end, 0, path, "", 0, false);
  }

  @Property
  void aGapIsFreeWithinReachAndAwayFromWhatGrows(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    Random random = new Random(seed);
    List<Mapping> mappings = new ArrayList<>();
    long at = 0x40_0000;
    for (int i = 0; i < count; i++) {
      at += 4096L * (1 + random.nextInt(i % 5 == 0 ? 1 << 20 : 16));
      long end = at + 4096L * (1 + random.nextInt(1 << 12));
      mappings.add(
          mapping(at, end, i == count / 2 ? "[heap]" : i == count - 1 ? "[stack]" : "/lib/x"));
      at = end;
    }
    mappings.add(mapping(0xffffffffff600000L, 0xffffffffff601000L, "[vsyscall]"));
    Mapping place = mappings.get(random.nextInt(count));
    long size = 4096L * (1 + random.nextInt(1 << 10));
    long found;
    try {
      found = GapSearch.find(mappings, place.start(), size);
    } catch (UnavailableException e) {
      assertThat(e.remedy()).isNotEmpty();
      return;
    }
    assertThat(Math.abs(found - place.start())).isLessThan(REACH);
    assertThat(Math.abs(found + size - place.start())).isLessThan(REACH);
    assertThat(found % 65536).isZero();
    assertThat(found).isPositive();
    Mapping[] neighbours = new Mapping[2];
    for (Mapping m : mappings.subList(0, count)) {
      assertThat(found + size <= m.start() || found >= m.end()).isTrue();
      if (m.end() <= found) {
        neighbours[0] = m;
      } else if (neighbours[1] == null) {
        neighbours[1] = m;
      }
    }
    if (neighbours[0] != null) {
      long room = neighbours[0].path().equals("[heap]") ? 1L << 30 : 1L << 20;
      assertThat(found - neighbours[0].end()).isGreaterThanOrEqualTo(room);
    }
    if (neighbours[1] != null) {
      long room = neighbours[1].path().equals("[stack]") ? 1L << 28 : 1L << 20;
      assertThat(neighbours[1].start() - found - size).isGreaterThanOrEqualTo(room);
    }
  }

  @Property(tries = 200)
  void rangesNeverOverlapAndComeBackWhole(@ForAll long seed) {
    Random random = new Random(seed);
    RangeAllocator allocator = new RangeAllocator("data", 100, 65536);
    Map<Long, Long> held = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      if (random.nextBoolean() || held.isEmpty()) {
        long size = random.nextInt(5000);
        try {
          long at = allocator.allocate(size);
          assertThat(at % 64).isZero();
          assertThat(at).isBetween(100L, 65536 - Math.max(1, size));
          held.forEach(
              (start, bytes) -> assertThat(at + size <= start || at >= start + bytes).isTrue());
          held.put(at, size);
        } catch (UnavailableException e) {
          assertThat(e.getMessage()).contains("data");
        }
      } else {
        long at = held.keySet().iterator().next();
        allocator.release(at, held.remove(at));
      }
    }
    held.forEach(allocator::release);
    assertThat(allocator.allocate(65536 - 128)).isEqualTo(128);
  }
}
