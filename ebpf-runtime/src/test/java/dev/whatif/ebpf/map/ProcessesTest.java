package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.Signal;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several processes on one map, which are killed or stopped whenever it suits worst. */
class ProcessesTest {

  private static final int SLOTS = 8;

  private static HashTableMap table(MapKind kind, int slot) {
    return (HashTableMap)
        BpfMap.create(
            Definitions.of(
                kind, TableChurn.KEY_SIZE, TableChurn.VALUE_SIZE, TableChurn.entries(SLOTS)),
            new MapOptions(SLOTS, slot, 0));
  }

  @Test
  void threeProcessesLoseNothing() throws Exception {
    try (ThreadSlots slots = ThreadSlots.create(SLOTS);
        HashTableMap map = table(MapKind.HASH, slots.acquire(ThreadIdentity.process()));
        Arena arena = Arena.ofConfined()) {
      TableChurn here = new TableChurn(arena, map, 0, 1);
      here.prepare();
      List<WorkerProcess> workers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        workers.add(new WorkerProcess(slots, map));
      }
      long[] end = {System.nanoTime() + 700_000_000L};
      here.run(() -> System.nanoTime() > end[0]);
      long counted = here.counted;
      for (WorkerProcess worker : workers) {
        long[] theirs = worker.finish();
        assertThat(theirs[1]).isPositive();
        counted += theirs[0];
      }
      here.checkAllOwn();
      assertThat(TableChurn.checkTable(map)).isEqualTo(counted);
      assertThat(map.freeNodes() + map.usedNodes()).isEqualTo(map.pool.count());
    }
  }

  /** It is stopped anywhere in a lookup, and meanwhile the nodes around it become others'. */
  @Test
  void whoIsStoppedInALookupFindsWhatIsThere() throws Exception {
    try (ThreadSlots slots = ThreadSlots.create(SLOTS);
        HashTableMap map = table(MapKind.HASH, slots.acquire(ThreadIdentity.process()));
        Arena arena = Arena.ofConfined()) {
      TableChurn here = new TableChurn(arena, map, 0, 1);
      here.prepare();
      try (WorkerProcess worker = new WorkerProcess(slots, map, List.of("look"))) {
        for (int i = 0; i < 300; i++) {
          worker.signal(Signal.SIGSTOP);
          long enough = here.operations + 500;
          here.run(() -> here.operations > enough);
          worker.signal(Signal.SIGCONT);
          Thread.sleep(1);
        }
        assertThat(worker.finish()[1]).isPositive();
      }
    }
  }

  @Test
  void aKilledProcessTakesOneNodeAlongAtMost() throws Exception {
    killAndSweep(MapKind.HASH, 6);
  }

  @Test
  @Tag("long")
  void manyKilledProcesses() throws Exception {
    killAndSweep(MapKind.HASH, 120);
    killAndSweep(MapKind.LRU_HASH, 60);
  }

  private static void killAndSweep(MapKind kind, int kills) throws Exception {
    try (ThreadSlots slots = ThreadSlots.create(SLOTS);
        HashTableMap map = table(kind, slots.acquire(ThreadIdentity.process()));
        Arena arena = Arena.ofConfined()) {
      TableChurn here = new TableChurn(arena, map, 0, 1);
      here.prepare();
      Random random = new Random(kills);
      for (int i = 0; i < kills; i++) {
        long delay = 20_000_000L + random.nextLong(60_000_000L);
        try (WorkerProcess worker = new WorkerProcess(slots, map)) {
          long end = System.nanoTime() + delay;
          here.run(() -> System.nanoTime() > end);
          worker.kill();
          here.run(() -> System.nanoTime() > end + 10_000_000L);
          assertThat(map.sweep(slots::isLive)).isBetween(0, 1);
          assertThat(map.freeNodes() + map.usedNodes()).isEqualTo(map.pool.count());
          here.checkAllOwn();
          TableChurn.checkTable(map);
          // what it left belongs to nobody: the next one with this slot begins anew
          removeOwn(map, worker.slot());
          assertThat(slots.retire(worker.slot(), slots.owner(worker.slot()).orElseThrow()))
              .isTrue();
        }
      }
    }
  }

  private static void removeOwn(HashTableMap map, int slot) {
    for (MapEntry entry : map.entries()) {
      int number =
          java.nio.ByteBuffer.wrap(entry.key()).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt();
      if (number / TableChurn.OWN_RANGE == slot + 1) {
        assertThat(map.delete(entry.key())).isZero();
      }
    }
  }

  @Test
  void recordsOfTheKilledAreSkippedAndThoseOfTheStoppedAreNot() throws Exception {
    try (ThreadSlots slots = ThreadSlots.create(SLOTS);
        RingMap ring =
            (RingMap)
                BpfMap.create(
                    Definitions.of(MapKind.RINGBUF, 0, 0, 1 << 16),
                    new MapOptions(SLOTS, slots.acquire(ThreadIdentity.process()), 0))) {
      RingReader reader = RingReader.of(ring, slots::isLive);
      Random random = new Random(7);
      for (int i = 0; i < 4; i++) {
        RingCheck fresh = new RingCheck(SLOTS);
        try (WorkerProcess killed = new WorkerProcess(slots, ring);
            WorkerProcess other = new WorkerProcess(slots, ring)) {
          long sent = reader.records();
          read(reader, fresh, 30);
          killed.signal(Signal.SIGSTOP);
          other.signal(Signal.SIGSTOP);
          read(reader, fresh, 20); // what they reserved waits, if anything does
          assertThat(reader.abandoned()).isEqualTo(ring.abandoned());
          long abandoned = reader.abandoned();
          killed.signal(Signal.SIGCONT);
          other.signal(Signal.SIGCONT);
          read(reader, fresh, random.nextInt(30));
          killed.kill();
          read(reader, fresh, 20);
          long[] counted = other.finish();
          assertThat(counted[0]).isPositive();
          reader.read(fresh);
          assertThat(reader.abandoned()).isBetween(abandoned, abandoned + 1);
          assertThat(reader.waiting()).isZero();
          assertThat(reader.records()).isGreaterThan(sent + counted[0]);
          ring.sweep(slots::isLive);
          slots.retire(killed.slot(), slots.owner(killed.slot()).orElseThrow());
        }
      }
      assertThat(reader.damages()).isZero();
    }
  }

  private static void read(RingReader reader, RingCheck check, int millis)
      throws InterruptedException {
    for (int i = 0; i < millis; i++) {
      reader.read(check);
      Thread.sleep(1);
    }
    reader.read(check);
  }
}
