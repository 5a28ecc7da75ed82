package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What the commands on one element of a map take ({@code BPF_MAP_LOOKUP_ELEM}, {@code _UPDATE_},
 * {@code _DELETE_}, {@code _LOOKUP_AND_DELETE_}, {@code BPF_MAP_GET_NEXT_KEY}, {@code
 * BPF_MAP_FREEZE}).
 */
public final class BpfElementAttr extends BpfAttr {

  static final int MAP_FD = 0;
  static final int KEY = 8;
  static final int VALUE = 16;
  static final int FLAGS = 24;
  static final int BYTES = 32;

  /**
   * An element.
   *
   * @param key {@link MemorySegment#NULL} where the map has no keys, or for the first key
   * @param value where it lies or goes to; the next key in {@code BPF_MAP_GET_NEXT_KEY}
   * @param flags {@code BPF_ANY}, {@code BPF_NOEXIST}, {@code BPF_EXIST}, {@code BPF_F_LOCK}
   */
  public BpfElementAttr(
      Arena arena, int mapFd, MemorySegment key, MemorySegment value, long flags) {
    super(arena, BYTES);
    set(MAP_FD, mapFd);
    point(KEY, key);
    point(VALUE, value);
    set(FLAGS, flags);
  }
}
