package dev.whatif.core.x86;

import org.jspecify.annotations.Nullable;

/**
 * An operand in memory: {@code [base + index * scale + displacement]}.
 *
 * @param base null for an address without one; then there is an index
 * @param index any register but rsp, which machine code cannot name here; null for none
 * @param scale 1, 2, 4 or 8
 */
public record Memory(
    @Nullable Register base, @Nullable Register index, int scale, int displacement) {

  /** Checks that it can be encoded. */
  public Memory {
    if (base == null && index == null || index == Register.RSP) {
      throw new IllegalArgumentException("no such operand: base " + base + ", index " + index);
    }
    if (scale < 1 || scale > 8 || Integer.bitCount(scale) != 1) {
      throw new IllegalArgumentException("an index times " + scale);
    }
  }

  /** {@code [base + displacement]}. */
  public static Memory at(Register base, int displacement) {
    return new Memory(base, null, 1, displacement);
  }

  /** {@code [base + index * scale + displacement]}. */
  public static Memory at(Register base, Register index, int scale, int displacement) {
    return new Memory(base, index, scale, displacement);
  }

  /** Bits 0 to 2 of a SIB byte's upper part: the power of two of the scale. */
  int scaleBits() {
    return Integer.numberOfTrailingZeros(scale);
  }
}
