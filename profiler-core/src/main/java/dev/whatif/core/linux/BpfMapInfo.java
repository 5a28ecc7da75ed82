package dev.whatif.core.linux;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** {@code struct bpf_map_info} as far as whatif reads it. */
public final class BpfMapInfo {

  public static final long TYPE = 0;
  public static final long ID = 4;
  public static final long KEY_SIZE = 8;
  public static final long VALUE_SIZE = 12;
  public static final long MAX_ENTRIES = 16;
  public static final long MAP_FLAGS = 20;
  public static final long NAME = 24;
  public static final long BTF_ID = 64;
  public static final long BTF_KEY_TYPE_ID = 68;
  public static final long BTF_VALUE_TYPE_ID = 72;
  public static final long MAP_EXTRA = 80;

  /** Room for the struct of Linux 6.1. */
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(11, ValueLayout.JAVA_LONG));

  private BpfMapInfo() {}
}
