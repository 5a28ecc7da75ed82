package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Shift;
import dev.whatif.core.x86.Unary;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.ByteSwap;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.OptionalInt;

/** Compiles arithmetic, most of which is put off until its result is used. */
final class AluCode {

  private static final int HALF_MASK = 0xffff;

  private final Output out;
  private final Values values;
  private final SumCode sums;
  private final StepCode stepCode;
  private final ShiftCode shifts;
  private final DivisionCode divisions;

  AluCode(Output out, Values values) {
    this.out = out;
    this.values = values;
    sums = new SumCode(values);
    stepCode = new StepCode(values);
    shifts = new ShiftCode(out, values);
    divisions = new DivisionCode(out, values, stepCode);
  }

  /** {@code dst = dst operator src}. */
  void operate(Width width, AluOperator operator, Register dst, Operand src) {
    OptionalInt constant = values.constant(src, width);
    if (constant.isPresent()) {
      withConstant(width, operator, dst, constant.getAsInt());
    } else {
      withRegister(width, operator, dst, (Register) src);
    }
  }

  private void withConstant(Width width, AluOperator operator, Register dst, int value) {
    switch (operator) {
      case ADD -> sums.add(width, dst, new Immediate(value));
      case SUBTRACT -> {
        if (value == Integer.MIN_VALUE) {
          inPlace(width, Arithmetic.SUBTRACT, dst, value); // whose negative is too long
        } else {
          sums.add(width, dst, -(long) value);
        }
      }
      case MULTIPLY -> stepCode.multiply(width, dst, value);
      case AND -> stepCode.and(width, dst, value);
      case SHIFT_LEFT -> stepCode.shift(width, Deferred.Step.Kind.LEFT, dst, value);
      case SHIFT_RIGHT -> stepCode.shift(width, Deferred.Step.Kind.RIGHT, dst, value);
      case SIGNED_SHIFT_RIGHT -> stepCode.shift(width, Deferred.Step.Kind.SIGNED_RIGHT, dst, value);
      case OR -> inPlace(width, Arithmetic.OR, dst, value);
      case XOR -> inPlace(width, Arithmetic.XOR, dst, value);
      case DIVIDE, REMAINDER, SIGNED_DIVIDE, SIGNED_REMAINDER ->
          divisions.byConstant(width, operator, dst, value);
    }
  }

  private void withRegister(Width width, AluOperator operator, Register dst, Register src) {
    switch (operator) {
      case ADD -> {
        if (!stepCode.rotate(width, dst, src)) {
          sums.add(width, dst, src);
        }
      }
      case SUBTRACT -> {
        if (dst == src) {
          values.defer(dst, () -> Deferred.Sum.constant(0));
        } else {
          inPlace(width, Arithmetic.SUBTRACT, dst, src);
        }
      }
      case XOR -> {
        if (dst == src) {
          values.defer(dst, () -> Deferred.Sum.constant(0));
        } else if (!stepCode.rotate(width, dst, src)) {
          inPlace(width, Arithmetic.XOR, dst, src);
        }
      }
      case OR -> {
        if (!stepCode.rotate(width, dst, src)) {
          inPlace(width, Arithmetic.OR, dst, src);
        }
      }
      case AND -> inPlace(width, Arithmetic.AND, dst, src);
      case MULTIPLY -> {
        var to = values.own(dst);
        out.e.multiply(Registers.size(width), to, values.read(src, width));
        values.clearFlags();
      }
      case SHIFT_LEFT -> shifts.byRegister(width, Shift.LEFT, dst, src);
      case SHIFT_RIGHT -> shifts.byRegister(width, Shift.RIGHT, dst, src);
      case SIGNED_SHIFT_RIGHT -> shifts.byRegister(width, Shift.SIGNED_RIGHT, dst, src);
      case DIVIDE, REMAINDER, SIGNED_DIVIDE, SIGNED_REMAINDER -> {
        Long divisor = values.known(src);
        if (divisor == null || !divisions.byLongConstant(width, operator, dst, divisor)) {
          divisions.byRegister(width, operator, dst, src);
        }
      }
    }
  }

  private void inPlace(Width width, Arithmetic operation, Register dst, Register src) {
    var to = values.own(dst);
    out.e.arithmetic(operation, Registers.size(width), to, values.read(src, width));
    values.setFlags(dst, width);
  }

  private void inPlace(Width width, Arithmetic operation, Register dst, int value) {
    var to = values.own(dst);
    if (operation == Arithmetic.XOR && value == -1) {
      out.e.unary(Unary.NOT, Registers.size(width), to);
    } else {
      out.e.arithmetic(operation, Registers.size(width), to, value);
      values.setFlags(dst, width);
    }
  }

  /** {@code dst = src}. */
  void move(Width width, Register dst, Operand src) {
    switch (src) {
      case Immediate(int value) ->
          values.defer(
              dst, () -> Deferred.Sum.constant(width == Width.W64 ? value : value & 0xffff_ffffL));
      case Register register -> {
        if (isWork(values.value(register))) {
          values.compute(register); // not twice
        }
        boolean isShort = width == Width.W64 || values.isShort(register);
        values.defer(
            dst,
            () -> {
              Deferred value = values.value(register);
              return isShort || !(value instanceof Deferred.Sum sum) ? value : sum.as(Width.W32);
            });
      }
    }
  }

  /** Whether it takes more than a move and a constant. */
  private static boolean isWork(Deferred value) {
    return switch (value) {
      case Deferred.Step _ -> true;
      case Deferred.Sum sum -> sum.index() != null;
    };
  }

  /** {@code dst = src}, the sign extended from some bits. */
  void moveSigned(Width width, int bits, Register dst, Register src) {
    values.defer(
        dst,
        () ->
            new Deferred.Step(
                width, Deferred.Step.Kind.SIGN_EXTEND, values.source(src, Width.W32), bits));
  }

  /** {@code dst = -dst}. */
  void negate(Width width, Register dst) {
    out.e.unary(Unary.NEGATE, Registers.size(width), values.own(dst));
    values.setFlags(dst, width);
  }

  /** Swaps bytes, or cuts a value off. */
  void swap(ByteSwap swap, int bits, Register dst) {
    if (swap == ByteSwap.TO_LITTLE) {
      switch (bits) {
        case 16 -> stepCode.and(Width.W64, dst, HALF_MASK);
        case 32 -> move(Width.W32, dst, dst);
        default -> {
          // it is in this order
        }
      }
      return;
    }
    var to = values.own(dst);
    switch (bits) {
      case 16 -> {
        out.e.shift(Shift.ROTATE_LEFT, OperandSize.BITS16, to, 8);
        out.e.moveZeroExtended(OperandSize.BITS16, to, to);
        values.clearFlags();
      }
      case 32 -> out.e.swapBytes(OperandSize.BITS32, to);
      default -> out.e.swapBytes(OperandSize.BITS64, to);
    }
  }
}
