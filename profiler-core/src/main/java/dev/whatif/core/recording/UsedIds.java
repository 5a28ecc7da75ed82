package dev.whatif.core.recording;

import java.util.Arrays;

/**
 * Which ids of a pool the current chunk refers to, in the order of their first use; forgetting them
 * all costs nothing. Ids are small numbers from 0. Not safe for use by several threads.
 */
final class UsedIds {

  private int[] stamps = new int[256];
  private int[] used = new int[256];
  private int count;
  private int chunk = 1;

  /** Notes an id; true when it was not noted since the last {@link #clear}. */
  boolean mark(int id) {
    if (id >= stamps.length) {
      stamps = Arrays.copyOf(stamps, Math.max(id + 1, stamps.length * 2));
    }
    if (stamps[id] == chunk) {
      return false;
    }
    stamps[id] = chunk;
    if (count == used.length) {
      used = Arrays.copyOf(used, count * 2);
    }
    used[count++] = id;
    return true;
  }

  int count() {
    return count;
  }

  int id(int index) {
    return used[index];
  }

  void clear() {
    count = 0;
    chunk++;
  }
}
