package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.ByteSwap;
import dev.whatif.ebpf.isa.Width;

/**
 * What instructions make of known numbers (RFC 9669 section 4): division by zero gives 0, its
 * remainder the dividend, and shifts see the lower bits of their count.
 */
final class Constants {

  private static final long LOW = 0xffff_ffffL;

  private Constants() {}

  /** {@code a operator b}. */
  static long apply(AluOperator operator, Width width, long a, long b) {
    return width == Width.W64 ? wide(operator, a, b) : narrow(operator, (int) a, (int) b) & LOW;
  }

  /** The lower bits in another order, the rest 0. */
  static long swap(ByteSwap swap, int bits, long a) {
    long low = bits == Long.SIZE ? a : a & (1L << bits) - 1;
    return swap == ByteSwap.TO_LITTLE ? low : Long.reverseBytes(low) >>> Long.SIZE - bits;
  }

  private static long wide(AluOperator operator, long a, long b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? 0 : Long.divideUnsigned(a, b);
      case SIGNED_DIVIDE -> b == 0 ? 0 : a / b;
      case OR -> a | b;
      case AND -> a & b;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> a >>> b;
      case REMAINDER -> b == 0 ? a : Long.remainderUnsigned(a, b);
      case SIGNED_REMAINDER -> b == 0 ? a : a % b;
      case XOR -> a ^ b;
      case SIGNED_SHIFT_RIGHT -> a >> b;
    };
  }

  private static int narrow(AluOperator operator, int a, int b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? 0 : Integer.divideUnsigned(a, b);
      case SIGNED_DIVIDE -> b == 0 ? 0 : a / b;
      case OR -> a | b;
      case AND -> a & b;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> a >>> b;
      case REMAINDER -> b == 0 ? a : Integer.remainderUnsigned(a, b);
      case SIGNED_REMAINDER -> b == 0 ? a : a % b;
      case XOR -> a ^ b;
      case SIGNED_SHIFT_RIGHT -> a >> b;
    };
  }
}
