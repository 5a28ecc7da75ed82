package dev.whatif.core.linux;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** {@code struct bpf_link_info} as far as whatif reads it. */
public final class BpfLinkInfo {

  public static final long TYPE = 0;
  public static final long ID = 4;
  public static final long PROG_ID = 8;

  /** Room for the fields above; the rest depends on the type. */
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(8, ValueLayout.JAVA_LONG));

  private BpfLinkInfo() {}
}
