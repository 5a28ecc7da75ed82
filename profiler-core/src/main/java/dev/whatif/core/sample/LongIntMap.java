package dev.whatif.core.sample;

import java.util.Arrays;

/**
 * A map of longs to non-negative ints without boxes: open addressing, linear probing, at most half
 * full. Confined to one thread.
 */
final class LongIntMap {

  /** What {@link #get} returns for an unknown key. */
  static final int NONE = -1;

  private long[] keys = new long[1024];
  private int[] values = new int[1024];
  private int size;

  LongIntMap() {
    Arrays.fill(values, NONE);
  }

  int get(long key) {
    return values[slot(key)];
  }

  void put(long key, int value) {
    int at = slot(key);
    if (values[at] == NONE) {
      size++;
      keys[at] = key;
    }
    values[at] = value;
    if (size * 2 > keys.length) {
      grow();
    }
  }

  void clear() {
    Arrays.fill(values, NONE);
    size = 0;
  }

  int size() {
    return size;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int at = (int) (mix(key) >>> 32) & mask;
    while (values[at] != NONE && keys[at] != key) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    Arrays.fill(values, NONE);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != NONE) {
        int at = slot(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }

  /** Spreads the bits of a number over all 64 (the finaliser of SplitMix64). */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
