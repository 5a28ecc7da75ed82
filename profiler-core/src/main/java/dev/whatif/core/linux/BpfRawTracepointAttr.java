package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** {@code bpf_attr.raw_tracepoint}: what {@code BPF_RAW_TRACEPOINT_OPEN} takes. */
public final class BpfRawTracepointAttr extends BpfAttr {

  static final int NAME = 0;
  static final int PROG_FD = 8;
  static final int COOKIE = 16;
  static final int BYTES = 24;

  /**
   * A program and the place that it watches.
   *
   * @param name null where the program itself names it (tp_btf, fentry, fexit)
   */
  public BpfRawTracepointAttr(Arena arena, @Nullable String name, int programFd) {
    super(arena, BYTES);
    if (name != null) {
      copy(NAME, name);
    }
    set(PROG_FD, programFd);
  }
}
