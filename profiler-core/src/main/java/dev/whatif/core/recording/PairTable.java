package dev.whatif.core.recording;

import java.util.Arrays;

/**
 * Numbers pairs of ints 1, 2, 3, ... in the order of their first appearance: open addressing over
 * int arrays, nothing boxed. Not safe for use by several threads.
 */
final class PairTable {

  private int[] first = new int[64];
  private int[] second = new int[64];
  private int[] slots = new int[128];
  private int count;

  /** The number of a pair, given to it now when it is new. */
  int intern(int a, int b) {
    int mask = slots.length - 1;
    int at = hash(a, b) & mask;
    while (true) {
      int id = slots[at];
      if (id == 0) {
        return add(a, b, at);
      }
      if (first[id] == a && second[id] == b) {
        return id;
      }
      at = at + 1 & mask;
    }
  }

  private int add(int a, int b, int at) {
    int id = ++count;
    if (id == first.length) {
      first = Arrays.copyOf(first, id * 2);
      second = Arrays.copyOf(second, id * 2);
    }
    first[id] = a;
    second[id] = b;
    slots[at] = id;
    if (id * 2 > slots.length) {
      rehash();
    }
    return id;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int id = 1; id <= count; id++) {
      int at = hash(first[id], second[id]) & mask;
      while (slots[at] != 0) {
        at = at + 1 & mask;
      }
      slots[at] = id;
    }
  }

  private static int hash(int a, int b) {
    long h = (a * 0x9E3779B97F4A7C15L) ^ (b * 0xC2B2AE3D27D4EB4FL);
    return (int) (h ^ h >>> 32);
  }

  int first(int id) {
    return first[id];
  }

  int second(int id) {
    return second[id];
  }

  /** The highest number given so far; 0 when empty. */
  int count() {
    return count;
  }
}
