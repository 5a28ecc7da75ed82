package dev.whatif.core.linux;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** {@code struct bpf_btf_info}. */
public final class BpfBtfInfo {

  public static final long BTF = 0;
  public static final long BTF_SIZE = 8;
  public static final long ID = 12;
  public static final long NAME = 16;
  public static final long NAME_LEN = 24;
  public static final long KERNEL_BTF = 28;

  /** The struct. */
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_LONG));

  private BpfBtfInfo() {}
}
