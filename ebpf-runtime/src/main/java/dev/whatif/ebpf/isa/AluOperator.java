package dev.whatif.ebpf.isa;

import java.util.Optional;

/**
 * What {@code dst = dst op src} can do (RFC 9669 section 4.1). Division and remainder by zero are
 * defined (0, and the dividend); shifts see the lower five or six bits of the count.
 */
public enum AluOperator {
  ADD(0x0, 0, "add", "+="),
  SUBTRACT(0x1, 0, "sub", "-="),
  MULTIPLY(0x2, 0, "mul", "*="),
  DIVIDE(0x3, 0, "div", "/="),
  SIGNED_DIVIDE(0x3, 1, "sdiv", "s/="),
  OR(0x4, 0, "or", "|="),
  AND(0x5, 0, "and", "&="),
  SHIFT_LEFT(0x6, 0, "lsh", "<<="),
  SHIFT_RIGHT(0x7, 0, "rsh", ">>="),
  REMAINDER(0x9, 0, "mod", "%="),
  SIGNED_REMAINDER(0x9, 1, "smod", "s%="),
  XOR(0xa, 0, "xor", "^="),
  SIGNED_SHIFT_RIGHT(0xc, 0, "arsh", "s>>=");

  private final int code;
  private final int offset;
  private final String mnemonic;
  private final String symbol;

  AluOperator(int code, int offset, String mnemonic, String symbol) {
    this.code = code;
    this.offset = offset;
    this.mnemonic = mnemonic;
    this.symbol = symbol;
  }

  /** The upper half of the opcode. */
  int code() {
    return code;
  }

  /** What the offset field must hold. */
  int offset() {
    return offset;
  }

  /** The name in the conformance text, such as {@code arsh}. */
  String mnemonic() {
    return mnemonic;
  }

  /** The operator in LLVM's text, such as {@code s>>=}. */
  String symbol() {
    return symbol;
  }

  /** The operator of an opcode's upper half and an offset. */
  static Optional<AluOperator> of(int code, int offset) {
    for (AluOperator operator : values()) {
      if (operator.code == code && operator.offset == offset) {
        return Optional.of(operator);
      }
    }
    return Optional.empty();
  }

  /** Whether any operator has that code, whatever the offset. */
  static boolean exists(int code) {
    return of(code, 0).isPresent();
  }
}
