package dev.whatif.core.x86;

/**
 * How many bits of its operands an instruction works on. A result of 32 bits clears the upper half
 * of its register, one of 8 or 16 leaves the rest as it was (Intel SDM, volume 1, section 3.4.1.1).
 */
public enum OperandSize {
  BITS8,
  BITS16,
  BITS32,
  BITS64;

  /** 1, 2, 4 or 8. */
  public int bytes() {
    return 1 << ordinal();
  }

  /** 8, 16, 32 or 64. */
  public int bits() {
    return bytes() * 8;
  }

  /** The opcode of this size, where the one of bytes is even and all others share the next one. */
  int opcode(int ofBytes) {
    return this == BITS8 ? ofBytes : ofBytes | 1;
  }

  /** The bits that make the prefix REX. */
  int rex() {
    return this == BITS64 ? 8 : 0;
  }
}
