package dev.whatif.core.x86;

/** The eight operations that share their encodings, in the order of their numbers. */
public enum Arithmetic {
  ADD,
  OR,
  /** Adds the carry, too. */
  ADD_CARRY,
  /** Subtracts the borrow, too. */
  SUBTRACT_BORROW,
  AND,
  SUBTRACT,
  XOR,
  /** Subtracts for the flags only. */
  COMPARE
}
