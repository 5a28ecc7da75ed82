package dev.whatif.core.x86;

/** Operations on one operand. */
public enum Unary {
  INCREMENT(0xfe, 0),
  DECREMENT(0xfe, 1),
  /** Leaves the flags alone. */
  NOT(0xf6, 2),
  NEGATE(0xf6, 3),
  /** {@code rdx:rax = rax * operand}, unsigned. */
  MULTIPLY(0xf6, 4),
  /** {@code rdx:rax = rax * operand}, signed. */
  SIGNED_MULTIPLY(0xf6, 5),
  /** {@code rax = rdx:rax / operand}, the remainder in rdx; traps when that does not fit. */
  DIVIDE(0xf6, 6),
  /** The same, signed. */
  SIGNED_DIVIDE(0xf6, 7);

  private final int opcode;
  private final int number;

  Unary(int opcode, int number) {
    this.opcode = opcode;
    this.number = number;
  }

  /** For bytes. */
  int opcode() {
    return opcode;
  }

  /** In the middle of a ModRM byte. */
  int number() {
    return number;
  }
}
