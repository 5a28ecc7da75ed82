package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code bpf_attr.info}: what {@code BPF_OBJ_GET_INFO_BY_FD} takes. The kernel fills as much of the
 * struct as both sides know.
 */
public final class BpfInfoAttr extends BpfAttr {

  static final int BPF_FD = 0;
  static final int INFO_LEN = 4;
  static final int INFO = 8;
  static final int BYTES = 16;

  /** A descriptor and where the facts about its object go. */
  public BpfInfoAttr(Arena arena, int fd, MemorySegment info) {
    super(arena, BYTES);
    set(BPF_FD, fd);
    set(INFO_LEN, (int) info.byteSize());
    point(INFO, info);
  }
}
