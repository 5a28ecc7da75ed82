package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.OptionalInt;

/** Compiles branches. */
final class BranchCode {

  private final Emitter e;
  private final Values values;

  BranchCode(Output out, Values values) {
    this.e = out.e;
    this.values = values;
  }

  /**
   * A branch.
   *
   * @param liveThere what is live where it leads: computed before it
   */
  void branch(Instruction.Branch branch, int liveThere, Label target) {
    values.computeAll(liveThere);
    e.jumpIf(compare(branch), target);
  }

  /** A branch that is taken when the condition does not hold. */
  void branchUnless(Instruction.Branch branch, int liveThere, Label target) {
    values.computeAll(liveThere);
    e.jumpIf(compare(branch).negated(), target);
  }

  /** Emits a comparison; tells what to ask of the flags then. */
  dev.whatif.core.x86.Condition compare(Instruction.Branch branch) {
    Width width = branch.width();
    OperandSize size = Registers.size(width);
    Register dst = branch.dst();
    OptionalInt constant = values.constant(branch.src(), width);
    Operand src = constant.isPresent() ? new Immediate(constant.getAsInt()) : branch.src();
    if (branch.condition() == Condition.COMMON_BITS) {
      common(width, dst, src);
      values.clearFlags();
      return condition(branch.condition());
    }
    if (src instanceof Immediate(int value)
        && isEquality(branch.condition())
        && compareBeforeAddition(width, dst, value)) {
      return condition(branch.condition());
    }
    if (values.hasCompared(width, dst, src)) {
      return condition(branch.condition());
    }
    switch (src) {
      case Register register -> {
        values.read(dst, width);
        var b = values.read(register, width);
        e.arithmetic(Arithmetic.COMPARE, size, values.read(dst, width), b);
      }
      case Immediate(int value) when value != 0 ->
          e.arithmetic(Arithmetic.COMPARE, size, values.read(dst, width), value);
      case Immediate _ -> {
        if (isEquality(branch.condition())) {
          compareWithZero(width, dst);
          return condition(branch.condition());
        }
        var a = values.read(dst, width);
        e.test(size, a, a);
      }
    }
    values.setCompared(width, dst, src);
    return condition(branch.condition());
  }

  private static boolean isEquality(Condition condition) {
    return condition == Condition.EQUAL || condition == Condition.NOT_EQUAL;
  }

  /** {@code x + c == value}, where the sum is not needed: {@code x == value - c}. */
  private boolean compareBeforeAddition(Width width, Register dst, int value) {
    if (!(values.value(dst) instanceof Deferred.Sum(var w, Register base, var index, _, long c))
        || index != null
        || base == null
        || c == 0
        || width == Width.W64 && w == Width.W32) {
      return false;
    }
    long other = value - c;
    if (width == Width.W64 && other != (int) other || (int) other == 0) {
      return false;
    }
    e.arithmetic(Arithmetic.COMPARE, Registers.size(width), Registers.of(base), (int) other);
    values.clearFlags();
    return true;
  }

  private void common(Width width, Register dst, Operand src) {
    switch (src) {
      case Register register -> {
        values.read(dst, width);
        var b = values.read(register, width);
        e.test(Registers.size(width), values.read(dst, width), b);
      }
      case Immediate(int mask) -> test(width, values.read(dst, width), mask);
    }
  }

  private void compareWithZero(Width width, Register dst) {
    if (values.value(dst) instanceof Deferred.Step step
        && step.kind() == Deferred.Step.Kind.AND
        && (step.width() == width || step.width() == Width.W32)) {
      // the upper half of what was masked with 32 bits is 0
      test(step.width(), Registers.of(step.source()), step.amount());
      values.clearFlags();
      return;
    }
    var a = values.read(dst, width);
    if (!values.hasFlags(dst, width)) {
      e.test(Registers.size(width), a, a);
      values.clearFlags();
    }
  }

  /** The flags of what a register and a mask, whose sign is extended, have in common. */
  private void test(Width width, dev.whatif.core.x86.Register register, int mask) {
    if (mask >= 0 && mask <= Byte.MAX_VALUE) {
      e.test(OperandSize.BITS8, register, mask);
    } else {
      e.test(mask >= 0 ? OperandSize.BITS32 : Registers.size(width), register, mask);
    }
  }

  private static dev.whatif.core.x86.Condition condition(Condition condition) {
    return switch (condition) {
      case EQUAL -> dev.whatif.core.x86.Condition.EQUAL;
      case NOT_EQUAL, COMMON_BITS -> dev.whatif.core.x86.Condition.NOT_EQUAL;
      case GREATER -> dev.whatif.core.x86.Condition.ABOVE;
      case GREATER_OR_EQUAL -> dev.whatif.core.x86.Condition.ABOVE_OR_EQUAL;
      case LESS -> dev.whatif.core.x86.Condition.BELOW;
      case LESS_OR_EQUAL -> dev.whatif.core.x86.Condition.BELOW_OR_EQUAL;
      case SIGNED_GREATER -> dev.whatif.core.x86.Condition.GREATER;
      case SIGNED_GREATER_OR_EQUAL -> dev.whatif.core.x86.Condition.GREATER_OR_EQUAL;
      case SIGNED_LESS -> dev.whatif.core.x86.Condition.LESS;
      case SIGNED_LESS_OR_EQUAL -> dev.whatif.core.x86.Condition.LESS_OR_EQUAL;
    };
  }
}
