package dev.whatif.core.linux;

import java.lang.foreign.Arena;

/** What {@code BPF_*_GET_NEXT_ID} and {@code BPF_*_GET_FD_BY_ID} take. */
public final class BpfIdAttr extends BpfAttr {

  static final int ID = 0;
  static final int NEXT_ID = 4;
  static final int OPEN_FLAGS = 8;
  static final int BYTES = 12;

  /** Sets {@code start_id}, {@code prog_id}, {@code map_id}, {@code btf_id} or {@code link_id}. */
  public BpfIdAttr(Arena arena, int id) {
    super(arena, BYTES);
    set(ID, id);
  }

  /** The id after the one given. */
  public int next() {
    return getInt(NEXT_ID);
  }
}
