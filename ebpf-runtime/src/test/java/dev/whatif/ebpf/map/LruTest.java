package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.RawMemory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A table that is never full. */
class LruTest {

  private static LruHashMap map(int entries) {
    return (LruHashMap)
        BpfMap.create(Definitions.of(MapKind.LRU_HASH, 8, 8, entries), new MapOptions(8, 0, 0));
  }

  @Test
  void whatIsUsedStays() {
    try (LruHashMap map = map(100);
        Arena arena = Arena.ofConfined()) {
      long key = arena.allocate(8, 8).address();
      for (long i = 0; i < 10_000; i++) {
        RawMemory.putLong(key, i);
        assertThat(map.update(key, key, 0, 1)).isZero();
        for (long used = 0; used < Math.min(i, 50); used++) {
          RawMemory.putLong(key, used);
          assertThat(map.lookup(key, 1)).as("key %d after %d", used, i).isNotZero();
        }
      }
      assertThat(map.usedNodes()).isEqualTo(100);
      assertThat(map.usedNodes() + map.freeNodes()).isEqualTo(map.pool.count());
    }
  }

  @Test
  void anInsertionNeverFails() throws Exception {
    try (LruHashMap map = map(64);
        Arena arena = Arena.ofShared();
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<?>> running = new ArrayList<>();
      for (int slot = 1; slot <= 6; slot++) {
        int own = slot;
        long key = arena.allocate(8, 8).address();
        running.add(
            threads.submit(() -> {
              for (long i = 0; i < 50_000; i++) {
                RawMemory.putLong(key, i % 3 == 0 ? i % 200 : i << 8 | own);
                assertThat(map.update(key, key, 0, own)).isZero();
              }
            }));
      }
      for (Future<?> thread : running) {
        thread.get();
      }
      assertThat(map.usedNodes()).isBetween(1L, 64L);
      assertThat(map.usedNodes() + map.freeNodes()).isEqualTo(map.pool.count());
      for (MapEntry entry : map.entries()) {
        assertThat(entry.value()).isEqualTo(entry.key());
      }
    }
  }
}
