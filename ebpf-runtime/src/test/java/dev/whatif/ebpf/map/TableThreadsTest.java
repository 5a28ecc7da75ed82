package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Many threads of one process on one table. */
class TableThreadsTest {

  private static final int THREADS = 6;
  private static final int STEPS = 60_000;

  private static HashTableMap map(MapKind kind, int entries) {
    return (HashTableMap)
        BpfMap.create(
            Definitions.of(kind, TableChurn.KEY_SIZE, TableChurn.VALUE_SIZE, entries),
            new MapOptions(THREADS + 2, THREADS, 0));
  }

  @Test
  void nothingIsLostAndNothingIsThereTwice() throws Exception {
    churn(map(MapKind.HASH, TableChurn.entries(THREADS)), () -> {});
  }

  @Test
  void anLruTableThatIsLargeEnoughForgetsNothing() throws Exception {
    churn(map(MapKind.LRU_HASH, TableChurn.entries(THREADS)), () -> {});
  }

  /** All are alive: a sweep must take nothing away from them, whatever they hold just now. */
  @Test
  void aSweepTakesNothingFromTheLiving() throws Exception {
    HashTableMap map = map(MapKind.HASH, TableChurn.entries(THREADS));
    churn(map, () -> assertThat(map.sweep(slot -> true)).isZero());
  }

  private static void churn(HashTableMap map, Runnable meanwhile) throws Exception {
    try (map;
        Arena arena = Arena.ofShared();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
      new TableChurn(arena, map, THREADS, 0).prepare();
      List<TableChurn> churns = new ArrayList<>();
      List<Future<?>> running = new ArrayList<>();
      CountDownLatch start = new CountDownLatch(1);
      AtomicBoolean done = new AtomicBoolean();
      for (int slot = 0; slot < THREADS; slot++) {
        TableChurn churn = new TableChurn(arena, map, slot, System.nanoTime() + slot);
        churns.add(churn);
        running.add(
            threads.submit(() -> {
              start.await();
              churn.run(() -> churn.operations >= STEPS);
              churn.checkAllOwn();
              return null;
            }));
      }
      Future<?> beside =
          threads.submit(() -> {
            while (!done.get()) {
              meanwhile.run();
              Thread.sleep(1);
            }
            return null;
          });
      start.countDown();
      for (Future<?> thread : running) {
        thread.get();
      }
      done.set(true);
      beside.get();
      churns.forEach(TableChurn::checkAllOwn);
      assertThat(TableChurn.checkTable(map))
          .isEqualTo(churns.stream().mapToLong(c -> c.counted).sum());
      assertThat(map.freeNodes() + map.usedNodes()).isEqualTo(map.pool.count());
      assertThat(map.sweep(slot -> true)).isZero();
    }
  }
}
