package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What {@code BPF_PROG_LOAD} takes. */
public final class BpfProgramAttr extends BpfAttr {

  static final int PROG_TYPE = 0;
  static final int INSN_CNT = 4;
  static final int INSNS = 8;
  static final int LICENSE = 16;
  static final int LOG_LEVEL = 24;
  static final int LOG_SIZE = 28;
  static final int LOG_BUF = 32;
  static final int KERN_VERSION = 40;
  static final int PROG_FLAGS = 44;
  static final int PROG_NAME = 48;
  static final int PROG_IFINDEX = 64;
  static final int EXPECTED_ATTACH_TYPE = 68;
  static final int PROG_BTF_FD = 72;
  static final int FUNC_INFO_REC_SIZE = 76;
  static final int FUNC_INFO = 80;
  static final int FUNC_INFO_CNT = 88;
  static final int LINE_INFO_REC_SIZE = 92;
  static final int LINE_INFO = 96;
  static final int LINE_INFO_CNT = 104;
  static final int ATTACH_BTF_ID = 108;
  static final int ATTACH_PROG_FD = 112;
  static final int CORE_RELO_CNT = 116;
  static final int FD_ARRAY = 120;
  static final int CORE_RELOS = 128;
  static final int CORE_RELO_REC_SIZE = 136;
  static final int LOG_TRUE_SIZE = 140;
  static final int BYTES = 144;

  private static final int SLOT_BYTES = 8;

  /** All zero. */
  public BpfProgramAttr(Arena arena) {
    super(arena, BYTES);
  }

  /** Sets {@code prog_type}, {@code expected_attach_type} and {@code prog_flags}. */
  public BpfProgramAttr type(int number, int expectedAttachType, int flags) {
    set(PROG_TYPE, number);
    set(EXPECTED_ATTACH_TYPE, expectedAttachType);
    set(PROG_FLAGS, flags);
    return this;
  }

  /** Sets {@code prog_name} and {@code license}. */
  public BpfProgramAttr name(String name, String license) {
    name(PROG_NAME, name);
    copy(LICENSE, license);
    return this;
  }

  /** Sets {@code insns} and {@code insn_cnt}. */
  public BpfProgramAttr code(byte[] slots) {
    copy(INSNS, slots);
    set(INSN_CNT, slots.length / SLOT_BYTES);
    return this;
  }

  /** Sets {@code kern_version}, which kernels before 5.0 want of kprobe programs. */
  public BpfProgramAttr kernelVersion(int version) {
    set(KERN_VERSION, version);
    return this;
  }

  /**
   * Sets {@code prog_btf_fd} and the records about functions and lines.
   *
   * @param functions {@code struct bpf_func_info}, whose offsets count instructions
   * @param lines {@code struct bpf_line_info}, the same
   */
  public BpfProgramAttr btf(
      int fd, byte[] functions, int functionBytes, byte[] lines, int lineBytes) {
    set(PROG_BTF_FD, fd);
    if (functions.length > 0) {
      copy(FUNC_INFO, functions);
      set(FUNC_INFO_REC_SIZE, functionBytes);
      set(FUNC_INFO_CNT, functions.length / functionBytes);
    }
    if (lines.length > 0) {
      copy(LINE_INFO, lines);
      set(LINE_INFO_REC_SIZE, lineBytes);
      set(LINE_INFO_CNT, lines.length / lineBytes);
    }
    return this;
  }

  /**
   * Sets {@code core_relos}, which the kernel applies itself (since 5.17).
   *
   * @param records {@code struct bpf_core_relo}, whose offsets count bytes
   */
  public BpfProgramAttr relocations(byte[] records, int recordBytes) {
    if (records.length > 0) {
      copy(CORE_RELOS, records);
      set(CORE_RELO_REC_SIZE, recordBytes);
      set(CORE_RELO_CNT, records.length / recordBytes);
    }
    return this;
  }

  /**
   * Sets {@code attach_btf_id} and {@code attach_btf_obj_fd} (or {@code attach_prog_fd}).
   *
   * @param objectFd 0 is vmlinux
   */
  public BpfProgramAttr attachTo(int typeId, int objectFd) {
    set(ATTACH_BTF_ID, typeId);
    set(ATTACH_PROG_FD, objectFd);
    return this;
  }

  /** Sets {@code fd_array}: BTF of modules, whose kfuncs calls name by index. */
  public BpfProgramAttr descriptors(int[] fds) {
    copy(FD_ARRAY, fds);
    return this;
  }

  /** Sets where the verifier's log goes and how much it tells: 1 or 2. */
  public BpfProgramAttr log(MemorySegment buffer, int level) {
    point(LOG_BUF, buffer);
    set(LOG_SIZE, (int) buffer.byteSize());
    set(LOG_LEVEL, level);
    return this;
  }

  /** Bytes that the log would have taken; 0 from kernels before 6.4. */
  public int logTrueSize() {
    return getInt(LOG_TRUE_SIZE);
  }
}
