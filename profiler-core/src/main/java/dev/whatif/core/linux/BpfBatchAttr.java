package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** {@code bpf_attr.batch}: many elements of a map in one call. */
public final class BpfBatchAttr extends BpfAttr {

  static final int IN_BATCH = 0;
  static final int OUT_BATCH = 8;
  static final int KEYS = 16;
  static final int VALUES = 24;
  static final int COUNT = 32;
  static final int MAP_FD = 36;
  static final int ELEM_FLAGS = 40;
  static final int FLAGS = 48;
  static final int BYTES = 56;

  /**
   * Elements.
   *
   * @param values {@link MemorySegment#NULL} when deleting
   * @param count room for so many
   */
  public BpfBatchAttr(Arena arena, int mapFd, MemorySegment keys, MemorySegment values, int count) {
    super(arena, BYTES);
    set(MAP_FD, mapFd);
    point(KEYS, keys);
    point(VALUES, values);
    set(COUNT, count);
  }

  /**
   * Where a lookup goes on and where it leaves its position, opaque and as long as a key, at least
   * 4 bytes.
   *
   * @param from {@link MemorySegment#NULL} to begin
   */
  public BpfBatchAttr position(MemorySegment from, MemorySegment to) {
    point(IN_BATCH, from);
    point(OUT_BATCH, to);
    return this;
  }

  /** Sets {@code count} again: the kernel overwrites it. */
  public BpfBatchAttr count(int count) {
    set(COUNT, count);
    return this;
  }

  /** How many elements the kernel did, also when it failed in between. */
  public int count() {
    return getInt(COUNT);
  }
}
