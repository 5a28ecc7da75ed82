package dev.whatif.core.linux;

import java.lang.foreign.Arena;

/** What {@code BPF_OBJ_PIN} and {@code BPF_OBJ_GET} take. */
public final class BpfPathAttr extends BpfAttr {

  static final int PATHNAME = 0;
  static final int BPF_FD = 8;
  static final int FILE_FLAGS = 12;
  static final int BYTES = 16;

  /**
   * A path in a bpf file system.
   *
   * @param fd what to pin there; 0 to get
   */
  public BpfPathAttr(Arena arena, String path, int fd) {
    super(arena, BYTES);
    copy(PATHNAME, path);
    set(BPF_FD, fd);
  }
}
