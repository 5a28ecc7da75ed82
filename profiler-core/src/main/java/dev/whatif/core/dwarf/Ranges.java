package dev.whatif.core.dwarf;

import java.util.Arrays;

/** A list of half-open address ranges that is filled again and again. */
final class Ranges {

  private long[] bounds = new long[16];
  private int count;

  void clear() {
    count = 0;
  }

  int size() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  long start(int i) {
    return bounds[2 * i];
  }

  long end(int i) {
    return bounds[2 * i + 1];
  }

  /** Whether an address lies in one of them. */
  boolean covers(long address) {
    for (int i = 0; i < count; i++) {
      if (address >= start(i) && address < end(i)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds a range unless it is empty or the remains of code that the linker threw away: GNU linkers
   * leave address 0 there (1 in range lists), LLVM's ~0 (or ~1, where ~0 has a meaning).
   */
  void add(long start, long end) {
    if (start >= end || isDiscarded(start)) {
      return;
    }
    if (2 * count == bounds.length) {
      bounds = Arrays.copyOf(bounds, 4 * count);
    }
    bounds[2 * count] = start;
    bounds[2 * count + 1] = end;
    count++;
  }

  static boolean isDiscarded(long address) {
    return address == 0 || address == 1 || address == -1 || address == -2;
  }
}
