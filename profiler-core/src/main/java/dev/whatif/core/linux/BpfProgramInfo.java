package dev.whatif.core.linux;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** {@code struct bpf_prog_info} as far as whatif reads it. */
public final class BpfProgramInfo {

  public static final long TYPE = 0;
  public static final long ID = 4;
  public static final long TAG = 8;
  public static final long JITED_PROG_LEN = 16;
  public static final long XLATED_PROG_LEN = 20;
  public static final long JITED_PROG_INSNS = 24;
  public static final long XLATED_PROG_INSNS = 32;
  public static final long NR_MAP_IDS = 52;
  public static final long MAP_IDS = 56;
  public static final long NAME = 64;
  public static final long BTF_ID = 128;
  public static final long RUN_TIME_NS = 192;
  public static final long RUN_CNT = 200;
  public static final long VERIFIED_INSNS = 216;

  /** Room for the struct of Linux 6.1. */
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(29, ValueLayout.JAVA_LONG));

  private BpfProgramInfo() {}
}
