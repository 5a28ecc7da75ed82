package dev.whatif.core.recording;

import java.util.Arrays;

/**
 * Numbers texts 1, 2, 3, ... in the order of their first appearance and keeps them, up to a limit
 * of memory: what is new beyond it gets the number of {@link #TOO_MANY} and is counted. Not safe
 * for use by several threads.
 */
final class TextTable {

  /** What stands for all texts that found no room. */
  static final String TOO_MANY = "(too many names)";

  /** Longer texts are cut: no viewer shows them, and some C++ names are larger than a chunk. */
  static final int LONGEST = 16 * 1024;

  private static final int TOO_MANY_ID = 1;
  private static final int OVERHEAD = 56;

  private String[] texts = new String[256];
  private int[] slots = new int[1024];
  private int count;
  private long memory;
  private final long limit;
  private long refused;

  /**
   * An empty table.
   *
   * @param limit bytes of memory that the texts may take, estimated
   */
  TextTable(long limit) {
    this.limit = limit;
    intern(TOO_MANY);
  }

  /** The number of a text, given to it now when it is new and there is room. */
  int intern(String original) {
    String text =
        original.length() > LONGEST ? original.substring(0, LONGEST - 1) + "\u2026" : original;
    int mask = slots.length - 1;
    int at = spread(text.hashCode()) & mask;
    while (true) {
      int id = slots[at];
      if (id == 0) {
        return add(text, at);
      }
      if (texts[id].equals(text)) {
        return id;
      }
      at = at + 1 & mask;
    }
  }

  private int add(String text, int at) {
    if (memory > limit) {
      refused++;
      return TOO_MANY_ID;
    }
    memory += OVERHEAD + text.length();
    int id = ++count;
    if (id == texts.length) {
      texts = Arrays.copyOf(texts, id * 2);
    }
    texts[id] = text;
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
      int at = spread(texts[id].hashCode()) & mask;
      while (slots[at] != 0) {
        at = at + 1 & mask;
      }
      slots[at] = id;
    }
  }

  private static int spread(int hash) {
    int h = hash * 0x9E3779B9;
    return h ^ h >>> 16;
  }

  String text(int id) {
    return texts[id];
  }

  /** How many times a text found no room. */
  long refused() {
    return refused;
  }
}
