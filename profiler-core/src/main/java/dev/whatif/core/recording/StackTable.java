package dev.whatif.core.recording;

import java.util.Arrays;

/**
 * One generation of call stacks, each stored once: open addressing over int arrays, nothing boxed.
 * Not safe for use by several threads.
 *
 * <pre>
 *   data:   ... | depth, truncated | method, type | line | offset | method, type | ... |
 *               ^ start of a stack   (3 ints a frame, leaf first)
 * </pre>
 */
final class StackTable {

  private static final int FRAME_INTS = 3;
  private static final int TYPE_BITS = 3;
  private static final int TYPE_MASK = (1 << TYPE_BITS) - 1;

  private final int firstId;
  private int[] slots = new int[1024];
  private int[] starts = new int[512];
  private int[] hashes = new int[512];
  private int[] data = new int[8192];
  private int count;
  private int end;
  private final UsedIds used = new UsedIds();

  /** An empty generation whose first stack gets this id. */
  StackTable(int firstId) {
    this.firstId = firstId;
  }

  /** The id behind the last one. */
  int nextId() {
    return firstId + count;
  }

  boolean contains(int id) {
    return id >= firstId && id - firstId < count;
  }

  /** Ints of frame data held. */
  int size() {
    return end;
  }

  int intern(
      int[] methods, int[] lines, int[] offsets, byte[] types, int depth, boolean truncated) {
    int start = append(methods, lines, offsets, types, depth, truncated);
    int length = end - start;
    int hash = hash(start, end);
    int mask = slots.length - 1;
    int at = hash & mask;
    while (true) {
      int index = slots[at] - 1;
      if (index < 0) {
        return add(at, start, hash);
      }
      if (hashes[index] == hash
          && Arrays.equals(
              data, starts[index], Math.min(starts[index] + length, start), data, start, end)) {
        end = start;
        return firstId + index;
      }
      at = at + 1 & mask;
    }
  }

  /** Puts the candidate behind the stored ones, where it stays when it is new. */
  private int append(
      int[] methods, int[] lines, int[] offsets, byte[] types, int depth, boolean truncated) {
    int start = end;
    int needed = start + 1 + depth * FRAME_INTS;
    if (needed > data.length) {
      data = Arrays.copyOf(data, Math.max(needed, data.length * 2));
    }
    int[] d = data;
    int at = start;
    d[at++] = depth << 1 | (truncated ? 1 : 0);
    for (int i = 0; i < depth; i++) {
      d[at] = (methods[i] << TYPE_BITS) | (types[i] & TYPE_MASK);
      d[at + 1] = lines[i];
      d[at + 2] = offsets[i];
      at += FRAME_INTS;
    }
    end = at;
    return start;
  }

  private int add(int at, int start, int hash) {
    int index = count++;
    if (index == starts.length) {
      starts = Arrays.copyOf(starts, index * 2);
      hashes = Arrays.copyOf(hashes, index * 2);
    }
    starts[index] = start;
    hashes[index] = hash;
    slots[at] = index + 1;
    if (count * 2 > slots.length) {
      rehash();
    }
    return firstId + index;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int index = 0; index < count; index++) {
      int at = hashes[index] & mask;
      while (slots[at] != 0) {
        at = at + 1 & mask;
      }
      slots[at] = index + 1;
    }
  }

  private int hash(int from, int to) {
    long h = 0;
    int[] d = data;
    for (int i = from; i < to; i++) {
      h = (h ^ d[i]) * 0x9E3779B97F4A7C15L;
      h ^= h >>> 29;
    }
    return (int) (h ^ h >>> 32);
  }

  /** Notes that the chunk refers to a stack; the bytes that this adds to the chunk, roughly. */
  int use(int id) {
    int index = id - firstId;
    if (!used.mark(index)) {
      return 0;
    }
    return 8 + depth(starts[index]) * 8;
  }

  /** Type of the leaf frame, or -1 for a stack without frames. */
  int leafType(int id) {
    int start = starts[id - firstId];
    return depth(start) == 0 ? -1 : data[start + 1] & TYPE_MASK;
  }

  /** A stack of another generation, or this one, with one more leaf. */
  int internOnTop(int method, byte type, StackTable home, int id) {
    int from = home.starts[id - home.firstId];
    int depth = home.depth(from);
    int[] methods = new int[depth + 1];
    int[] lines = new int[depth + 1];
    int[] offsets = new int[depth + 1];
    byte[] types = new byte[depth + 1];
    methods[0] = method;
    types[0] = type;
    for (int i = 1; i <= depth; i++) {
      int at = from + 1 + (i - 1) * FRAME_INTS;
      methods[i] = home.data[at] >>> TYPE_BITS;
      types[i] = (byte) (home.data[at] & TYPE_MASK);
      lines[i] = home.data[at + 1];
      offsets[i] = home.data[at + 2];
    }
    boolean truncated = (home.data[from] & 1) != 0;
    return intern(methods, lines, offsets, types, depth + 1, truncated);
  }

  int usedCount() {
    return used.count();
  }

  private int depth(int start) {
    return data[start] >>> 1;
  }

  /** Writes the pool entries of the used stacks and forgets the use. */
  void writeUsed(Leb128Buffer out, ConstantPools pools) {
    for (int i = 0; i < used.count(); i++) {
      int index = used.id(i);
      int at = starts[index];
      int depth = depth(at);
      out.number(firstId + index);
      out.flag((data[at++] & 1) != 0);
      out.number(depth);
      for (int f = 0; f < depth; f++, at += FRAME_INTS) {
        int type = data[at] & TYPE_MASK;
        out.number(pools.useMethod(data[at] >>> TYPE_BITS, type));
        out.number(Integer.toUnsignedLong(data[at + 1]));
        out.number(Integer.toUnsignedLong(data[at + 2]));
        out.u8(type);
      }
    }
    used.clear();
  }
}
