package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Unary;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Width;

/**
 * Compiles divisions. The machine's instruction takes rdx:rax, gives the quotient in rax and the
 * remainder in rdx, and traps on a divisor of 0 and on a quotient that does not fit; BPF says what
 * comes out then (RFC 9669 section 4.1): 0 or the dividend, and the dividend or 0.
 */
final class DivisionCode {

  private static final Register DIVISOR = Registers.SCRATCH;
  private static final Register SAVED_RAX = Registers.SCRATCH2;
  private static final Register SAVED_RDX = Registers.SCRATCH3;

  private final Output out;
  private final Emitter e;
  private final Values values;
  private final StepCode steps;
  private final Reciprocals reciprocals;

  DivisionCode(Output out, Values values, StepCode steps) {
    this.out = out;
    this.e = out.e;
    this.values = values;
    this.steps = steps;
    this.reciprocals = new Reciprocals(out, values);
  }

  private static boolean isSigned(AluOperator operator) {
    return operator == AluOperator.SIGNED_DIVIDE || operator == AluOperator.SIGNED_REMAINDER;
  }

  private static boolean isQuotient(AluOperator operator) {
    return operator == AluOperator.DIVIDE || operator == AluOperator.SIGNED_DIVIDE;
  }

  /** {@code dst = dst operator divisor}; of 64 bits, the divisor's sign is extended. */
  void byConstant(
      Width width, AluOperator operator, dev.whatif.ebpf.isa.Register dst, int divisor) {
    boolean quotient = isQuotient(operator);
    if (divisor == 0) {
      if (quotient) {
        values.defer(dst, () -> Deferred.Sum.constant(0));
      } else if (width == Width.W32) {
        values.defer(dst, () -> values.sum(dst, width).as(width));
      }
    } else if (isSigned(operator)) {
      signedByConstant(width, quotient, dst, divisor);
    } else if (Integer.bitCount(divisor) == 1 && (divisor > 0 || width == Width.W32)) {
      if (quotient) {
        int by = Integer.numberOfTrailingZeros(divisor);
        steps.shift(width, Deferred.Step.Kind.RIGHT, dst, by);
      } else {
        steps.and(width, dst, divisor - 1);
      }
    } else if (!reciprocals.divide(width, quotient, dst, divisor)) {
      values.own(dst);
      e.move(DIVISOR, width == Width.W64 ? divisor : divisor & 0xffff_ffffL);
      divide(Registers.size(width), false, quotient, dst);
    }
  }

  /**
   * The same with a divisor that fits no immediate.
   *
   * @return whether that was possible
   */
  boolean byLongConstant(
      Width width, AluOperator operator, dev.whatif.ebpf.isa.Register dst, long divisor) {
    return width == Width.W64
        && !isSigned(operator)
        && divisor > 0
        && Long.bitCount(divisor) > 1
        && reciprocals.divide(width, isQuotient(operator), dst, divisor);
  }

  private void signedByConstant(
      Width width, boolean quotient, dev.whatif.ebpf.isa.Register dst, int divisor) {
    OperandSize size = Registers.size(width);
    if (divisor == 1 || divisor == -1) {
      if (!quotient) {
        values.defer(dst, () -> Deferred.Sum.constant(0));
      } else if (divisor == 1) {
        values.defer(dst, () -> values.sum(dst, width).as(width));
      } else {
        e.unary(Unary.NEGATE, size, values.own(dst));
        values.clearFlags();
      }
      return;
    }
    values.own(dst);
    e.move(DIVISOR, width == Width.W64 ? divisor : divisor & 0xffff_ffffL);
    divide(size, true, quotient, dst);
  }

  /** {@code dst = dst operator src}. */
  void byRegister(
      Width width,
      AluOperator operator,
      dev.whatif.ebpf.isa.Register dst,
      dev.whatif.ebpf.isa.Register src) {
    boolean signed = isSigned(operator);
    boolean quotient = isQuotient(operator);
    // a shorter division is the faster one
    boolean isShort = !signed && values.isShort(dst) && values.isShort(src);
    OperandSize size = isShort ? OperandSize.BITS32 : Registers.size(width);
    Register to = values.own(dst);
    e.move(size, DIVISOR, values.read(src, width));
    Label done = new Label();
    Label byZero = new Label();
    e.test(size, DIVISOR, DIVISOR).jumpIf(Condition.EQUAL, byZero);
    out.later(() -> {
      e.bind(byZero);
      if (quotient) {
        e.arithmetic(Arithmetic.XOR, OperandSize.BITS32, to, to);
      } else if (width == Width.W32) {
        e.move(OperandSize.BITS32, to, to);
      }
      e.jump(done);
    });
    if (signed) {
      Label byMinusOne = new Label();
      e.arithmetic(Arithmetic.COMPARE, size, DIVISOR, -1).jumpIf(Condition.EQUAL, byMinusOne);
      out.later(() -> {
        e.bind(byMinusOne);
        if (quotient) {
          e.unary(Unary.NEGATE, size, to);
        } else {
          e.arithmetic(Arithmetic.XOR, OperandSize.BITS32, to, to);
        }
        e.jump(done);
      });
    }
    divide(size, signed, quotient, dst);
    e.bind(done);
  }

  /** Divides dst by what is in {@link #DIVISOR}; keeps rax and rdx where somebody needs them. */
  private void divide(
      OperandSize size, boolean signed, boolean quotient, dev.whatif.ebpf.isa.Register dst) {
    Register to = Registers.of(dst);
    boolean keepsRax = to != Register.RAX && values.isLive(dev.whatif.ebpf.isa.Register.R0);
    boolean keepsRdx = to != Register.RDX && values.isLive(dev.whatif.ebpf.isa.Register.R3);
    if (keepsRax) {
      e.move(SAVED_RAX, Register.RAX);
    }
    if (keepsRdx) {
      e.move(SAVED_RDX, Register.RDX);
    }
    if (to != Register.RAX) {
      e.move(size, Register.RAX, to);
    }
    if (signed) {
      e.signIntoRdx(size).unary(Unary.SIGNED_DIVIDE, size, DIVISOR);
    } else {
      e.arithmetic(Arithmetic.XOR, OperandSize.BITS32, Register.RDX, Register.RDX)
          .unary(Unary.DIVIDE, size, DIVISOR);
    }
    Register result = quotient ? Register.RAX : Register.RDX;
    if (to != result) {
      e.move(size, to, result);
    }
    if (keepsRdx) {
      e.move(Register.RDX, SAVED_RDX);
    }
    if (keepsRax) {
      e.move(Register.RAX, SAVED_RAX);
    }
    values.clearFlags();
  }
}
