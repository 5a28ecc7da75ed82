package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.CpuFeature;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Shift;
import dev.whatif.ebpf.isa.Width;
import java.math.BigInteger;

/**
 * Unsigned division by a constant as a multiplication by its reciprocal, which is what C compilers
 * do (Granlund and Montgomery, "Division by Invariant Integers using Multiplication", PLDI 1994,
 * section 4; Warren, Hacker's Delight, section 10-9). Compilers for BPF leave it to the machine.
 *
 * <p>For N-bit dividends and a divisor d, {@code m = ceil(2^(N+s) / d)} with the least s for which
 * {@code m * d - 2^(N+s) <= 2^s}: then {@code x / d = m * x >> N + s} for all x. When m has N + 1
 * bits, its highest one is an addition.
 */
final class Reciprocals {

  private static final Register PRODUCT = Registers.SCRATCH;
  private static final Register SAVED_RDX = Registers.SCRATCH2;
  private static final Register OTHER = Registers.SCRATCH3;

  /**
   * A reciprocal.
   *
   * @param factor its lower N bits
   * @param hasCarry whether bit N is set, too
   * @param shift s
   * @param before by how much to shift the dividend before
   */
  record Reciprocal(long factor, boolean hasCarry, int shift, int before) {

    /** That of a divisor, unsigned and not a power of two. */
    static Reciprocal of(long divisor, int bits) {
      Reciprocal whole = of(divisor, bits, 0);
      // twos go first where that spares the carry: the dividend is shorter then
      int twos = Long.numberOfTrailingZeros(divisor);
      return whole.hasCarry && twos > 0 ? of(divisor >>> twos, bits, twos) : whole;
    }

    private static Reciprocal of(long divisor, int bits, int before) {
      BigInteger d = new BigInteger(Long.toUnsignedString(divisor));
      for (int shift = 0; ; shift++) {
        BigInteger power = BigInteger.ONE.shiftLeft(bits + shift);
        BigInteger factor = power.add(d).subtract(BigInteger.ONE).divide(d);
        BigInteger error = factor.multiply(d).subtract(power);
        if (error.compareTo(BigInteger.ONE.shiftLeft(shift + before)) <= 0) {
          long low = factor.longValue();
          return new Reciprocal(
              bits == Long.SIZE ? low : low & 0xffff_ffffL, factor.testBit(bits), shift, before);
        }
      }
    }
  }

  private final Emitter e;
  private final boolean hasMulx;
  private final Values values;

  Reciprocals(Output out, Values values) {
    e = out.e;
    hasMulx = out.features.contains(CpuFeature.BMI2);
    this.values = values;
  }

  /** {@code dst /= divisor} or {@code dst %= divisor}; false when that is left to a division. */
  boolean divide(Width width, boolean quotient, dev.whatif.ebpf.isa.Register dst, long divisor) {
    boolean isLong = width == Width.W64 && !values.isShort(dst);
    long unsigned = width == Width.W64 ? divisor : divisor & 0xffff_ffffL;
    if (unsigned <= 0 || isLong && !hasMulx || unsigned >>> Integer.SIZE != 0 && !isLong) {
      return false;
    }
    boolean needsZeros = width == Width.W32 && !values.isShort(dst);
    Register to = values.own(dst);
    if (needsZeros) {
      e.move(OperandSize.BITS32, to, to);
    }
    if (isLong) {
      divideLong(to, Reciprocal.of(unsigned, Long.SIZE));
    } else {
      divideShort(to, Reciprocal.of(unsigned, Integer.SIZE));
    }
    if (quotient) {
      e.move(to, PRODUCT);
    } else {
      subtract(to, unsigned, isLong ? OperandSize.BITS64 : OperandSize.BITS32);
    }
    values.clearFlags();
    return true;
  }

  /** The remainder: less the quotient times the divisor. */
  private void subtract(Register from, long divisor, OperandSize size) {
    if (divisor == (int) divisor || size == OperandSize.BITS32) {
      e.multiply(size, PRODUCT, PRODUCT, (int) divisor);
    } else {
      e.move(OTHER, divisor).multiply(size, PRODUCT, OTHER);
    }
    e.arithmetic(Arithmetic.SUBTRACT, size, from, PRODUCT);
  }

  /** A dividend of 32 bits: the product is one of 64. */
  private void divideShort(Register from, Reciprocal by) {
    OperandSize size = OperandSize.BITS64;
    Register dividend = from;
    if (by.before() > 0) {
      dividend = OTHER;
      e.move(size, OTHER, from).shift(Shift.RIGHT, size, OTHER, by.before());
    }
    e.move(PRODUCT, by.factor()).multiply(size, PRODUCT, dividend);
    if (by.hasCarry()) {
      e.shift(Shift.RIGHT, size, PRODUCT, Integer.SIZE);
      e.arithmetic(Arithmetic.ADD, size, PRODUCT, dividend); // 33 bits
      e.shift(Shift.RIGHT, size, PRODUCT, by.shift());
    } else {
      e.shift(Shift.RIGHT, size, PRODUCT, Integer.SIZE + by.shift());
    }
  }

  private void divideLong(Register from, Reciprocal by) {
    OperandSize size = OperandSize.BITS64;
    boolean keepsRdx = from != Register.RDX && values.isLive(dev.whatif.ebpf.isa.Register.R3);
    boolean changesRdx = from != Register.RDX || by.before() > 0;
    if (keepsRdx || changesRdx && from == Register.RDX) {
      e.move(SAVED_RDX, Register.RDX);
    }
    e.move(PRODUCT, by.factor());
    if (from != Register.RDX) {
      e.move(Register.RDX, from);
    }
    if (by.before() > 0) {
      e.shift(Shift.RIGHT, size, Register.RDX, by.before());
    }
    e.multiplyWide(size, PRODUCT, PRODUCT, PRODUCT);
    if (keepsRdx || changesRdx && from == Register.RDX) {
      e.move(Register.RDX, SAVED_RDX);
    }
    if (by.hasCarry()) {
      // (x - p) / 2 + p is (x + p) / 2 without the carry
      e.move(OTHER, from);
      e.arithmetic(Arithmetic.SUBTRACT, size, OTHER, PRODUCT);
      e.shift(Shift.RIGHT, size, OTHER, 1);
      e.arithmetic(Arithmetic.ADD, size, PRODUCT, OTHER);
      if (by.shift() > 1) {
        e.shift(Shift.RIGHT, size, PRODUCT, by.shift() - 1);
      }
    } else if (by.shift() > 0) {
      e.shift(Shift.RIGHT, size, PRODUCT, by.shift());
    }
  }
}
