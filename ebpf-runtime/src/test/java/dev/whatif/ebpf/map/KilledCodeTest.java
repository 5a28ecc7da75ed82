package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machine code that is killed, or left standing, at every one of its instructions. */
@Requires(Requirement.GCC)
class KilledCodeTest {

  private static final int SLOTS = 5;
  private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

  /** So few that chains are long and a table is easily full. */
  private static final int ENTRIES = 24 + 3 * StepProcess.OWN_KEYS + 40 + TableChurn.OWN_KEYS;

  /** In the chain that all others use. */
  private static final int COLLIDING = CollidingNumbers.from(500, 1)[0];

  private static HashTableMap table(MapKind kind) {
    return (HashTableMap)
        BpfMap.create(
            Definitions.of(kind, TableChurn.KEY_SIZE, TableChurn.VALUE_SIZE, ENTRIES),
            new MapOptions(SLOTS, 0, 0));
  }

  private static byte[] key(int number) {
    ByteBuffer key = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    return key.putInt(number).putInt(number).putInt(number).array();
  }

  private static byte[] value(int number, long content) {
    ByteBuffer value = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    return value.putLong(content).putLong(content * FACTOR).putLong(content ^ number).array();
  }

  /** 0 is none. */
  private static long content(BpfMap map, int number) {
    return map.lookup(key(number))
        .map(v -> {
          TableChurn.whole(number, v);
          return ByteBuffer.wrap(v).order(ByteOrder.LITTLE_ENDIAN).getLong();
        })
        .orElse(0L);
  }

  /** Another one in every run, so that all instructions have their turn. */
  private static int first(int stride) {
    return new Random().nextInt(stride);
  }

  private static void checkNodes(HashTableMap map) {
    TableChurn.checkTable(map);
    assertThat(map.freeNodes() + map.usedNodes()).isEqualTo(map.pool.count());
    assertThat(map.freeMainNodes()).isEqualTo(ENTRIES - map.usedNodes());
  }

  @ParameterizedTest
  @EnumSource(names = {"HASH", "LRU_HASH"})
  void killedAtManyInstructions(MapKind kind) {
    killedAtInstructions(kind, 13);
  }

  @ParameterizedTest
  @EnumSource(names = {"HASH", "LRU_HASH"})
  @Tag("long")
  void killedAtEveryInstruction(MapKind kind) {
    killedAtInstructions(kind, 1);
  }

  private static void killedAtInstructions(MapKind kind, int stride) {
    try (HashTableMap map = table(kind);
        StepProcess steps = new StepProcess(map)) {
      for (int i = 0; i < ENTRIES - 10; i++) {
        assertThat(map.update(key(100 + i), value(100 + i, i + 1))).isZero();
      }
      killed(map, steps, 'u', 5000, 0, 7, stride); // inserts
      killed(map, steps, 'u', 100, 1, 7, stride); // replaces
      killed(map, steps, 'd', 101, 2, 0, stride);
      for (int i = 0; map.freeMainNodes() > 0; i++) {
        map.update(key(7000 + i), value(7000 + i, 1));
      }
      killed(map, steps, 'u', 102, 3, 7, stride); // replaces in a full table
      if (kind == MapKind.LRU_HASH) {
        killed(map, steps, 'u', 6000, 0, 7, stride); // makes room
      }
    }
  }

  private static void killed(
      HashTableMap map,
      StepProcess steps,
      char operation,
      int number,
      long before,
      long after,
      int stride) {
    boolean changed = false;
    int lost = 0;
    for (int n = first(stride); ; n += stride) {
      if (before == 0) {
        map.delete(key(number));
      } else {
        assertThat(map.update(key(number), value(number, before))).isZero();
      }
      String answer = steps.command("kill %c %d %d %d", operation, number, after, n);
      long content = content(map, number);
      String where = "%c after %d instructions".formatted(operation, n);
      assertThat(content).as(where).isIn(before, after);
      assertThat(content == after || !changed).as("%s: it stays changed", where).isTrue();
      changed |= content == after;
      int swept = map.sweep(slot -> slot != 1);
      assertThat(swept).as(where).isBetween(0, 1);
      lost += swept;
      checkNodes(map);
      if (answer.startsWith("ended")) {
        assertThat(answer).isEqualTo("ended 0");
        assertThat(content).isEqualTo(after);
        assertThat(n).isGreaterThan(50);
        assertThat(lost).isPositive();
        return;
      }
    }
  }

  @Test
  void stoppedWhileOthersGoOn() {
    stopped(MapKind.HASH, 23, 2000);
  }

  @Test
  @Tag("long")
  void stoppedAtEveryInstruction() {
    stopped(MapKind.HASH, 1, 10_000);
    stopped(MapKind.LRU_HASH, 1, 10_000);
  }

  private static void stopped(MapKind kind, int stride, int operations) {
    try (HashTableMap map = table(kind);
        StepProcess steps = new StepProcess(map)) {
      stopped(map, steps, 'u', 0, stride, operations);
      stopped(map, steps, 'u', 1, stride, operations);
      stopped(map, steps, 'd', 2, stride, operations);
      stopped(map, steps, 'l', 7, stride, operations);
    }
  }

  private static void stopped(
      HashTableMap map, StepProcess steps, char operation, long before, int stride, int count) {
    int number = COLLIDING;
    long after = operation == 'd' ? 0 : 7;
    for (int n = first(stride); ; n += stride) {
      if (before == 0) {
        map.delete(key(number));
      } else {
        assertThat(map.update(key(number), value(number, before))).isZero();
      }
      String answer = steps.command("stop %c %d %d %d %d", operation, number, after, n, count);
      assertThat(answer).as("%c after %d instructions", operation, n).isEqualTo("ended 0");
      assertThat(content(map, number)).isEqualTo(after);
      assertThat(map.sweep(slot -> true)).isZero();
      checkNodes(map);
      checkOwn(map, steps, 2, 3, 4);
      if (n > 600) {
        return;
      }
    }
  }

  private static void checkOwn(HashTableMap map, StepProcess steps, int... slots) {
    for (int slot : slots) {
      for (int i = 0; i < StepProcess.OWN_KEYS; i++) {
        assertThat(content(map, steps.ownKey(slot, i))).isEqualTo(steps.content(slot, i));
      }
    }
  }

  @Test
  void killedAnywhereAHundredTimes() {
    killedAnywhere(MapKind.HASH, 100);
  }

  @Test
  @Tag("long")
  void killedAnywhereAThousandTimes() {
    killedAnywhere(MapKind.HASH, 1000);
    killedAnywhere(MapKind.LRU_HASH, 1000);
  }

  private static void killedAnywhere(MapKind kind, int kills) {
    Random random = new Random(kills);
    try (HashTableMap map = table(kind);
        StepProcess steps = new StepProcess(map)) {
      for (int i = 0; i < kills; i++) {
        assertThat(steps.command("churn %d %d", 300 + random.nextInt(3000), i)).isEqualTo("killed");
        assertThat(map.sweep(slot -> slot != 1)).isBetween(0, 1);
        checkNodes(map);
        int underWay = steps.underWay(1);
        if (underWay >= 0) {
          long content = content(map, steps.ownKey(1, underWay));
          assertThat(content).isIn(steps.content(1, underWay), steps.contentUnderWay(1));
          steps.setContent(1, underWay, content);
        }
        checkOwn(map, steps, 1);
      }
    }
  }

  @Test
  void recordsOfTheKilledAreCounted() {
    recordsOfTheKilled(3);
  }

  @Test
  @Tag("long")
  void recordsOfTheKilledAreCountedAtEveryInstruction() {
    recordsOfTheKilled(1);
  }

  private static void recordsOfTheKilled(int stride) {
    try (RingMap ring = ring();
        StepProcess steps = new StepProcess(ring)) {
      RingReader reader = RingReader.of(ring, slot -> slot != 1);
      long shown = 0;
      for (int n = 0; ; n += stride) {
        String answer = steps.command("kill o %d %d %d", 1, 2, n);
        shown += reader.read((memory, at, length) -> assertThat(length).isEqualTo(24));
        assertThat(reader.waiting()).isZero();
        assertThat(reader.records() + reader.abandoned()).isLessThanOrEqualTo(n + 1);
        assertThat(reader.damages()).isZero();
        if (answer.startsWith("ended")) {
          break;
        }
      }
      assertThat(shown).isEqualTo(reader.records()).isPositive();
      assertThat(reader.abandoned()).isGreaterThan(10);
    }
  }

  @Test
  void machineCodeAndJavaShareATable() throws Exception {
    try (HashTableMap map = table(MapKind.HASH);
        Arena arena = Arena.ofShared();
        StepProcess steps = new StepProcess(map);
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      TableChurn here = new TableChurn(arena, map, 0, 1);
      here.prepare();
      Future<String> others = thread.submit(() -> steps.command("stop u %d 7 %d 100000", 900, 60));
      here.run(others::isDone);
      assertThat(others.get()).isEqualTo("ended 0");
      here.checkAllOwn();
      assertThat(content(map, 900)).isEqualTo(7);
      assertThat(TableChurn.checkTable(map)).isEqualTo(here.counted);
      checkNodes(map);
      checkOwn(map, steps, 2, 3, 4);
    }
  }

  private static RingMap ring() {
    return (RingMap)
        BpfMap.create(Definitions.of(MapKind.RINGBUF, 0, 0, 1 << 16), new MapOptions(SLOTS, 0, 0));
  }

  @Test
  void aWriterThatStandsStillLosesNothing() throws Exception {
    try (RingMap ring = ring();
        StepProcess steps = new StepProcess(ring);
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      RingReader reader = RingReader.of(ring, slot -> true);
      long steppedRecords = 0;
      for (int n = 0; n < 80; n++) {
        int after = n;
        Future<String> others =
            thread.submit(() -> steps.command("stop o %d %d %d %d", 1, 2, after, 5000));
        while (!others.isDone()) {
          reader.read((memory, at, length) -> {}); // so that the ring goes around
        }
        assertThat(others.get()).startsWith("ended");
        reader.read((memory, at, length) -> {});
        assertThat(reader.waiting()).isZero();
        steppedRecords++;
        long written = steppedRecords;
        long refused = 0;
        for (int slot = 2; slot <= 4; slot++) {
          written += steps.written(slot);
          refused += steps.refused(slot);
        }
        assertThat(reader.records() + reader.dropped()).isEqualTo(written + refused);
        assertThat(reader.dropped() - refused).isBetween(0L, steppedRecords);
      }
      assertThat(reader.abandoned()).isZero();
      assertThat(reader.damages()).isZero();
    }
  }
}
