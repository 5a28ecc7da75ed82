package dev.whatif.ebpf.isa;

import java.util.Optional;

/** What a branch asks of two values (RFC 9669 section 4.3). */
public enum Condition {
  EQUAL(0x1, "jeq", "==", CpuVersion.V1),
  GREATER(0x2, "jgt", ">", CpuVersion.V1),
  GREATER_OR_EQUAL(0x3, "jge", ">=", CpuVersion.V1),
  /** The two have a bit in common. */
  COMMON_BITS(0x4, "jset", "&", CpuVersion.V1),
  NOT_EQUAL(0x5, "jne", "!=", CpuVersion.V1),
  SIGNED_GREATER(0x6, "jsgt", "s>", CpuVersion.V1),
  SIGNED_GREATER_OR_EQUAL(0x7, "jsge", "s>=", CpuVersion.V1),
  LESS(0xa, "jlt", "<", CpuVersion.V2),
  LESS_OR_EQUAL(0xb, "jle", "<=", CpuVersion.V2),
  SIGNED_LESS(0xc, "jslt", "s<", CpuVersion.V2),
  SIGNED_LESS_OR_EQUAL(0xd, "jsle", "s<=", CpuVersion.V2);

  private final int code;
  private final String mnemonic;
  private final String symbol;
  private final CpuVersion version;

  Condition(int code, String mnemonic, String symbol, CpuVersion version) {
    this.code = code;
    this.mnemonic = mnemonic;
    this.symbol = symbol;
    this.version = version;
  }

  /** The upper half of the opcode. */
  int code() {
    return code;
  }

  /** The name in the conformance text, such as {@code jsge}. */
  String mnemonic() {
    return mnemonic;
  }

  /** The operator in LLVM's text, such as {@code s>=}. */
  String symbol() {
    return symbol;
  }

  /** The first version with 64-bit branches on it. */
  CpuVersion version() {
    return version;
  }

  /** The condition of an opcode's upper half. */
  static Optional<Condition> of(int code) {
    for (Condition condition : values()) {
      if (condition.code == code) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }
}
