package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Shift;
import dev.whatif.core.x86.Unary;
import org.jspecify.annotations.Nullable;

/** Emits {@link Deferred.Sum}s. */
final class Sums {

  private final Emitter e;
  private final Flags flags;

  Sums(Emitter e, Flags flags) {
    this.e = e;
    this.flags = flags;
  }

  /** {@code register = sum}, where the register may be part of the sum. */
  void emit(dev.whatif.ebpf.isa.Register register, Deferred.Sum sum) {
    flags.changed(register);
    Register to = Registers.of(register);
    OperandSize size = Registers.size(sum.width());
    int displacement = (int) sum.displacement();
    if (sum.isConstant()) {
      constant(to, sum.displacement());
    } else if (sum.isCopy()) {
      e.move(size, to, machine(sum.base()));
    } else if (sum.index() == null && sum.base() == register) {
      add(size, to, displacement);
      flags.set(register, sum.width());
    } else if (sum.scale() == 1 && displacement == 0 && sum.uses(register)) {
      Register other = machine(sum.base() == register ? sum.index() : sum.base());
      e.arithmetic(Arithmetic.ADD, size, to, other);
      flags.set(register, sum.width());
    } else if (sum.isScaled() && sum.index() == register) {
      e.shift(Shift.LEFT, size, to, Integer.numberOfTrailingZeros(sum.scale()));
      flags.clear();
    } else if (sum.isScaled() && sum.scale() == 2) {
      Register index = machine(sum.index());
      e.loadAddress(size, to, Memory.at(index, index, 1, 0));
    } else {
      e.loadAddress(size, to, operand(sum, displacement));
    }
  }

  /** What lies there, when the sum is an address. */
  static Memory operand(Deferred.Sum sum, int displacement) {
    return new Memory(
        sum.base() == null ? null : Registers.of(sum.base()),
        sum.index() == null ? null : Registers.of(sum.index()),
        sum.scale(),
        displacement);
  }

  private void add(OperandSize size, Register to, int value) {
    if (value == 1 || value == -1) {
      e.unary(value == 1 ? Unary.INCREMENT : Unary.DECREMENT, size, to);
    } else if (value == 128) {
      e.arithmetic(Arithmetic.SUBTRACT, size, to, -128); // which is shorter
    } else {
      e.arithmetic(Arithmetic.ADD, size, to, value);
    }
  }

  private void constant(Register to, long value) {
    if (value == 0 && !flags.areOfUse()) {
      e.arithmetic(Arithmetic.XOR, OperandSize.BITS32, to, to);
    } else {
      e.move(to, value);
    }
  }

  private static Register machine(dev.whatif.ebpf.isa.@Nullable Register register) {
    if (register == null) {
      throw new IllegalStateException("no register");
    }
    return Registers.of(register);
  }
}
