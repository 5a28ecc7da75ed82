package dev.whatif.ebpf.isa;

import java.util.List;

/** How many bytes of memory an instruction touches (RFC 9669 section 5). */
public enum MemorySize {
  BYTE(1, 0x10),
  HALF(2, 0x08),
  WORD(4, 0x00),
  DOUBLE(8, 0x18);

  private static final List<MemorySize> BY_CODE = List.of(WORD, HALF, BYTE, DOUBLE);

  private final int bytes;
  private final int code;

  MemorySize(int bytes, int code) {
    this.bytes = bytes;
    this.code = code;
  }

  /** 1, 2, 4 or 8. */
  public int bytes() {
    return bytes;
  }

  /** 8, 16, 32 or 64. */
  public int bits() {
    return bytes * 8;
  }

  /** The bits in the opcode. */
  int code() {
    return code;
  }

  /** The size in an opcode. */
  static MemorySize of(int opcode) {
    return BY_CODE.get(opcode >>> 3 & 3);
  }
}
