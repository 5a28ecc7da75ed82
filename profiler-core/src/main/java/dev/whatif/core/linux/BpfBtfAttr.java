package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What {@code BPF_BTF_LOAD} takes. */
public final class BpfBtfAttr extends BpfAttr {

  static final int BTF = 0;
  static final int BTF_LOG_BUF = 8;
  static final int BTF_SIZE = 16;
  static final int BTF_LOG_SIZE = 20;
  static final int BTF_LOG_LEVEL = 24;
  static final int BYTES = 28;

  /** Sets {@code btf} and {@code btf_size}. */
  public BpfBtfAttr(Arena arena, byte[] btf) {
    super(arena, BYTES);
    copy(BTF, btf);
    set(BTF_SIZE, btf.length);
  }

  /** Sets where complaints go. */
  public BpfBtfAttr log(MemorySegment buffer) {
    point(BTF_LOG_BUF, buffer);
    set(BTF_LOG_SIZE, (int) buffer.byteSize());
    set(BTF_LOG_LEVEL, 1);
    return this;
  }
}
