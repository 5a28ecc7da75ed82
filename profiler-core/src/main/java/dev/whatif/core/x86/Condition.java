package dev.whatif.core.x86;

/** When a conditional jump is taken, in the order of the numbers in {@code 0f 8x}. */
public enum Condition {
  OVERFLOW,
  NO_OVERFLOW,
  BELOW,
  ABOVE_OR_EQUAL,
  EQUAL,
  NOT_EQUAL,
  BELOW_OR_EQUAL,
  ABOVE,
  SIGN,
  NO_SIGN,
  PARITY,
  NO_PARITY,
  LESS,
  GREATER_OR_EQUAL,
  LESS_OR_EQUAL,
  GREATER;

  /** What holds when this does not. */
  public Condition negated() {
    return values()[ordinal() ^ 1];
  }
}
