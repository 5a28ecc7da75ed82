package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.RawMemory;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One thread that changes a hash table which others change at the same time. Keys are 12 bytes, a
 * number three times; values are 24 bytes, a number and two more that follow from it and the key,
 * so that half of a value is seen.
 *
 * <ul>
 *   <li>Keys of its own: it knows what must be there, and looks all the time.
 *   <li>Keys that all share: whatever is there must be whole.
 *   <li>Keys that are never deleted or replaced: counters, which all count up.
 * </ul>
 */
final class TableChurn {

  static final int KEY_SIZE = 12;
  static final int VALUE_SIZE = 24;
  static final int COUNTERS = 8;
  static final int SHARED_KEYS = 24;
  static final int OWN_KEYS = 32;
  private static final int FIRST_SHARED = 1000;

  /** Its own numbers begin at a multiple of that: one in 128 collides with the others. */
  static final int OWN_RANGE = 1_000_000;

  private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

  private final BpfMap map;
  private final int slot;
  private final Random random;
  private final long key;
  private final long value;
  private final long[] own = new long[OWN_KEYS];
  private final int[] ownNumbers;
  private final int[] sharedNumbers = CollidingNumbers.from(FIRST_SHARED, SHARED_KEYS);
  long counted;
  long operations;

  TableChurn(Arena arena, BpfMap map, int slot, long seed) {
    this.map = map;
    this.slot = slot;
    this.random = new Random(seed);
    this.key = arena.allocate(KEY_SIZE, 8).address();
    this.value = arena.allocate(VALUE_SIZE, 8).address();
    this.ownNumbers = CollidingNumbers.from((slot + 1) * OWN_RANGE, OWN_KEYS);
  }

  /** Enough for so many threads, in a table that is never full. */
  static int entries(int threads) {
    return COUNTERS + SHARED_KEYS + threads * OWN_KEYS;
  }

  /** Makes the counters. */
  void prepare() {
    for (int i = 0; i < COUNTERS; i++) {
      key(i);
      RawMemory.clear(value, VALUE_SIZE);
      assertThat(map.update(key, value, Bpf.BPF_NOEXIST, slot)).isZero();
    }
  }

  /** Looks its own keys up, which are all there, and nothing else. */
  void look(BooleanSupplier until) {
    for (int i = 0; i < OWN_KEYS; i++) {
      own[i] = i + 1;
      key(ownKey(i));
      value(ownKey(i), own[i]);
      assertThat(map.update(key, value, Bpf.BPF_ANY, slot)).isZero();
    }
    while (!until.getAsBoolean()) {
      for (int i = 0; i < 64; i++) {
        key(ownKey(random.nextInt(OWN_KEYS)));
        for (int j = 0; j < 100; j++) {
          if (map.lookup(key, slot) == 0) {
            throw new AssertionError("a key that is there is not found");
          }
          operations++;
        }
      }
    }
  }

  void run(BooleanSupplier until) {
    while (!until.getAsBoolean()) {
      for (int i = 0; i < 64; i++) {
        step();
      }
    }
  }

  void step() {
    operations++;
    switch (random.nextInt(8)) {
      case 0 -> count();
      case 1, 2 -> changeShared();
      case 3 -> lookAtShared();
      case 4, 5, 6 -> changeOwn();
      default -> checkOwn(random.nextInt(OWN_KEYS));
    }
  }

  private void key(int number) {
    for (int i = 0; i < KEY_SIZE; i += 4) {
      RawMemory.putInt(key + i, number);
    }
  }

  private void value(int number, long content) {
    RawMemory.putLong(value, content);
    RawMemory.putLong(value + 8, content * FACTOR);
    RawMemory.putLong(value + 16, content ^ number);
  }

  private void count() {
    key(random.nextInt(COUNTERS));
    RawMemory.getAndAddLong(map.lookup(key, slot), 1);
    counted++;
  }

  private void changeShared() {
    int number = sharedNumbers[random.nextInt(SHARED_KEYS)];
    key(number);
    if (random.nextInt(3) == 0) {
      assertThat(map.delete(key, slot)).isIn(0, -Errno.ENOENT.value());
    } else {
      value(number, random.nextLong());
      int flags = random.nextInt(3);
      assertThat(map.update(key, value, flags, slot))
          .isIn(0, flags == 0 ? 0 : flags == 1 ? -Errno.EEXIST.value() : -Errno.ENOENT.value());
    }
  }

  private void lookAtShared() {
    int number = sharedNumbers[random.nextInt(SHARED_KEYS)];
    byte[] bytes = new byte[KEY_SIZE];
    key(number);
    RawMemory.copy(key, bytes);
    map.lookup(bytes).ifPresent(found -> whole(number, found));
  }

  /** Whether a value is one that somebody has written for this key. */
  static void whole(int number, byte[] found) {
    var memory = java.lang.foreign.MemorySegment.ofArray(found);
    var layout = java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
    long content = memory.get(layout, 0);
    assertThat(memory.get(layout, 8)).as("key %d", number).isEqualTo(content * FACTOR);
    assertThat(memory.get(layout, 16)).as("key %d", number).isEqualTo(content ^ number);
  }

  private int ownKey(int index) {
    return ownNumbers[index];
  }

  private void changeOwn() {
    int index = random.nextInt(OWN_KEYS);
    key(ownKey(index));
    boolean there = own[index] != 0;
    if (random.nextInt(3) == 0) {
      assertThat(map.delete(key, slot)).isEqualTo(there ? 0 : -Errno.ENOENT.value());
      own[index] = 0;
      return;
    }
    int flags = random.nextInt(3);
    long content = random.nextLong() | 1;
    value(ownKey(index), content);
    int expected =
        flags == 1 && there
            ? -Errno.EEXIST.value()
            : flags == 2 && !there ? -Errno.ENOENT.value() : 0;
    assertThat(map.update(key, value, flags, slot)).as("flags %d", flags).isEqualTo(expected);
    own[index] = expected == 0 ? content : own[index];
  }

  private void checkOwn(int index) {
    key(ownKey(index));
    long found = map.lookup(key, slot);
    assertThat(found != 0).as("own key %d", ownKey(index)).isEqualTo(own[index] != 0);
    if (found != 0) {
      assertThat(RawMemory.getLong(found)).isEqualTo(own[index]);
      assertThat(RawMemory.getLong(found + 8)).isEqualTo(own[index] * FACTOR);
    }
  }

  void checkAllOwn() {
    for (int i = 0; i < OWN_KEYS; i++) {
      checkOwn(i);
    }
  }

  /** What must be true of a table that nobody changes at the moment. */
  static long checkTable(HashTableMap map) {
    Set<String> keys = new HashSet<>();
    long counted = 0;
    for (MapEntry entry : map.entries()) {
      assertThat(keys.add(Arrays.toString(entry.key()))).as("no key twice").isTrue();
      int number =
          java.lang.foreign.MemorySegment.ofArray(entry.key())
              .get(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 0);
      if (number < COUNTERS) {
        counted +=
            java.lang.foreign.MemorySegment.ofArray(entry.value())
                .get(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, 0);
      } else {
        whole(number, entry.value());
      }
    }
    return counted;
  }
}
