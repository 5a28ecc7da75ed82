package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.CpuFeature;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Shift;
import java.util.Set;

/** Emits {@link Deferred.Step}s. */
final class Steps {

  private static final int BYTE_MASK = 0xff;
  private static final int HALF_MASK = 0xffff;

  private final Emitter e;
  private final Set<CpuFeature> features;

  Steps(Emitter e, Set<CpuFeature> features) {
    this.e = e;
    this.features = features;
  }

  /** {@code to = step}, where {@code to} may be what it is computed from. */
  void emit(Register to, Deferred.Step step) {
    Register from = Registers.of(step.source());
    OperandSize size = Registers.size(step.width());
    int amount = step.amount();
    switch (step.kind()) {
      case LEFT -> shift(Shift.LEFT, size, to, from, amount);
      case RIGHT -> shift(Shift.RIGHT, size, to, from, amount);
      case SIGNED_RIGHT -> shift(Shift.SIGNED_RIGHT, size, to, from, amount);
      case ROTATE_LEFT -> {
        if (to != from && features.contains(CpuFeature.BMI2)) {
          e.rotateRight(size, to, from, size.bits() - amount);
        } else {
          shift(Shift.ROTATE_LEFT, size, to, from, amount);
        }
      }
      case AND -> and(size, to, from, amount);
      case MULTIPLY -> e.multiply(size, to, from, amount);
      case SIGN_EXTEND -> e.moveSignExtended(narrow(amount), size, to, from);
    }
  }

  private void shift(Shift shift, OperandSize size, Register to, Register from, int amount) {
    if (to != from) {
      e.move(size, to, from);
    }
    e.shift(shift, size, to, amount);
  }

  private void and(OperandSize size, Register to, Register from, int mask) {
    // a mask without sign clears the upper half, and so does an operation on 32 bits
    OperandSize shorter = mask >= 0 ? OperandSize.BITS32 : size;
    if (mask == BYTE_MASK) {
      e.moveZeroExtended(OperandSize.BITS8, to, from);
    } else if (mask == HALF_MASK) {
      e.moveZeroExtended(OperandSize.BITS16, to, from);
    } else {
      if (to != from) {
        e.move(shorter, to, from);
      }
      e.arithmetic(Arithmetic.AND, shorter, to, mask);
    }
  }

  private static OperandSize narrow(int bits) {
    return switch (bits) {
      case 8 -> OperandSize.BITS8;
      case 16 -> OperandSize.BITS16;
      default -> OperandSize.BITS32;
    };
  }
}
