package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import java.lang.foreign.Arena;

/**
 * Numbers whose keys (the number three times) fall into very few chains of any table, so that
 * whoever walks along one meets everybody else.
 */
final class CollidingNumbers {

  private static final int KEY_SIZE = 12;

  /** One chain in so many is used, in tables of at least so many. */
  private static final int CHAINS = 128;

  private CollidingNumbers() {}

  /** The first so many from a number on. */
  static int[] from(int first, int count) {
    int[] numbers = new int[count];
    try (Arena arena = Arena.ofConfined()) {
      long key = arena.allocate(KEY_SIZE, 4).address();
      int found = 0;
      for (int number = first; found < count; number++) {
        for (int i = 0; i < KEY_SIZE; i += 4) {
          RawMemory.putInt(key + i, number);
        }
        if ((KeyHash.of(key, KEY_SIZE) & CHAINS - 1) == 0) {
          numbers[found++] = number;
        }
      }
    }
    return numbers;
  }
}
