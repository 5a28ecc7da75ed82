package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Width;

/**
 * What an operator makes of two ranges: every result of two numbers in them is in the result
 * ({@code adjust_scalar_min_max_vals} in kernel/bpf/verifier.c).
 */
final class ScalarAlu {

  private ScalarAlu() {}

  /**
   * {@code a operator b}.
   *
   * @param width of the operation; 32 bits leave the upper half 0
   */
  static ScalarRange apply(AluOperator operator, Width width, ScalarRange a, ScalarRange b) {
    boolean narrow = width == Width.W32;
    return switch (operator) {
      case ADD -> finished(Sums.add(a, b), narrow);
      case SUBTRACT -> finished(Sums.subtract(a, b), narrow);
      case MULTIPLY -> finished(Products.multiply(a, b), narrow);
      case AND -> finished(BitwiseRanges.and(a, b), narrow);
      case OR -> finished(BitwiseRanges.or(a, b), narrow);
      case XOR -> finished(BitwiseRanges.xor(a, b), narrow);
      case SHIFT_LEFT, SHIFT_RIGHT, SIGNED_SHIFT_RIGHT -> shift(operator, narrow, a, b);
      case DIVIDE, SIGNED_DIVIDE, REMAINDER, SIGNED_REMAINDER -> unknown();
    };
  }

  /** {@code -a}. */
  static ScalarRange negate(Width width, ScalarRange a) {
    return apply(AluOperator.SUBTRACT, width, ScalarRange.ZERO, a);
  }

  private static ScalarRange shift(
      AluOperator operator, boolean narrow, ScalarRange a, ScalarRange b) {
    int bits = narrow ? Integer.SIZE : Long.SIZE;
    boolean known = narrow ? b.isLowerConstant() : b.isConstant();
    long by = narrow ? Integer.toUnsignedLong((int) b.value()) : b.value();
    if (!known || by < 0 || by >= bits || Long.compareUnsigned(b.umax(), bits) >= 0) {
      return unknown();
    }
    RangeBuilder result =
        switch (operator) {
          case SHIFT_LEFT ->
              narrow ? ShiftRanges.left32(a, (int) by) : ShiftRanges.left64(a, (int) by);
          case SHIFT_RIGHT ->
              narrow ? ShiftRanges.right32(a, (int) by) : ShiftRanges.right64(a, (int) by);
          default -> narrow ? ShiftRanges.signed32(a, (int) by) : ShiftRanges.signed64(a, (int) by);
        };
    return finished(result, narrow);
  }

  private static ScalarRange finished(RangeBuilder result, boolean narrow) {
    if (narrow) {
      result.zeroExtend();
    }
    return result.build();
  }

  /**
   * The upper half is 0 after 32 bits, too, but the kernel does not know that of divisions and of
   * shifts by an unknown number ({@code is_safe_to_compute_dst_reg_range}): a program that needs it
   * would be accepted here only.
   */
  private static ScalarRange unknown() {
    return ScalarRange.UNKNOWN;
  }
}
