package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Memory;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of BPF's registers are while code is emitted: in the machine registers that are
 * theirs, or still to be computed ({@link Deferred}) from what lies in those.
 *
 * <p>Rules: before a machine register changes, every value that is still to be computed from it is
 * computed, if it is live. No two deferred values wait for each other's registers, so that there is
 * always an order to compute them in. Nothing is deferred across a place where jumps lead.
 */
final class Values {

  private final Sums sums;
  private final Steps steps;
  private final @Nullable Deferred[] deferred = new Deferred[11];

  /** Live before the instruction that is being compiled. */
  private int live;

  private ValueBits bits = ValueBits.unknown();

  private final Flags flags = new Flags();

  Values(Emitter e, Set<CpuFeature> features) {
    sums = new Sums(e, flags);
    steps = new Steps(e, features);
  }

  /** Forgets everything: the next instruction is reached by a jump. */
  void enter(ValueBits known) {
    Arrays.fill(deferred, null);
    clearFlags();
    bits = known;
  }

  /** Goes on where two ways have met, on which all places hold the same. */
  void know(ValueBits known) {
    bits = known;
  }

  /** Goes on to an instruction. */
  void at(int liveBefore) {
    live = liveBefore;
    for (int i = 0; i < deferred.length; i++) {
      if ((live >> i & 1) == 0) {
        deferred[i] = null;
      }
    }
  }

  /** What is known of the registers before the instruction. */
  ValueBits bits() {
    return bits;
  }

  /** Whether the upper half of a register's value is 0. */
  boolean isShort(Register register) {
    return bits.of(register) <= Integer.SIZE;
  }

  /** Whether somebody still needs what lies in a register's place. */
  boolean isLive(Register register) {
    if ((live >> register.number() & 1) != 0) {
      return true;
    }
    for (Deferred value : deferred) {
      if (value != null && value.uses(register)) {
        return true;
      }
    }
    return false;
  }

  /** The value of a register, to be computed or in its place. */
  Deferred value(Register register) {
    Deferred value = deferred[register.number()];
    return value == null ? Deferred.Sum.of(register) : value;
  }

  /** Whether the register's own place holds its value. */
  boolean isInPlace(Register register) {
    return deferred[register.number()] == null;
  }

  /** A machine register whose lower bits, of that width, are those of the value. Not to change. */
  dev.whatif.core.x86.Register read(Register register, Width width) {
    if (deferred[register.number()] instanceof Deferred.Sum sum
        && sum.isCopy()
        && (sum.width() == Width.W64 || width == Width.W32)) {
      return Registers.of(Objects.requireNonNull(sum.base()));
    }
    compute(register);
    return Registers.of(register);
  }

  /** The constant that an operand is, where it fits an immediate. */
  OptionalInt constant(Operand operand, Width width) {
    Long value =
        switch (operand) {
          case Immediate(int immediate) -> Long.valueOf(immediate);
          case Register register -> known(register);
        };
    return value != null && (width == Width.W32 || value == value.intValue())
        ? OptionalInt.of(value.intValue())
        : OptionalInt.empty();
  }

  /** The constant in a register, or null. */
  @Nullable Long known(Register register) {
    return value(register) instanceof Deferred.Sum sum && sum.isConstant()
        ? Long.valueOf(sum.displacement())
        : bits.constant(register);
  }

  /** A register's value as a sum whose lower bits, of that width, are its own. */
  Deferred.Sum sum(Register register, Width width) {
    if (value(register) instanceof Deferred.Sum sum
        && (width == Width.W32 || sum.width() == Width.W64)) {
      return sum;
    }
    compute(register);
    return Deferred.Sum.of(register);
  }

  /** In whose place the lower bits, of that width, of a register's value are. */
  Register source(Register register, Width width) {
    Deferred.Sum sum = sum(register, width);
    Register base = sum.base();
    if (base != null && sum.isCopy()) {
      return base;
    }
    compute(register);
    return register;
  }

  /** The address of a register's value plus an offset, as an operand. */
  Memory address(Register register, int offset) {
    if (value(register) instanceof Deferred.Sum sum
        && sum.width() == Width.W64
        && !sum.isConstant()
        && sum.displacement() + offset == (int) (sum.displacement() + offset)) {
      return Sums.operand(sum, (int) sum.displacement() + offset);
    }
    compute(register);
    return Memory.at(Registers.of(register), offset);
  }

  /** Brings a register's value to its place. */
  void compute(Register register) {
    Deferred value = deferred[register.number()];
    if (value == null) {
      return;
    }
    free(register, live);
    deferred[register.number()] = null;
    switch (value) {
      case Deferred.Sum sum -> sums.emit(register, sum);
      case Deferred.Step step -> {
        steps.emit(Registers.of(register), step);
        changed(register);
        clearFlags();
      }
    }
  }

  /** Brings all values of a set to their places. */
  void computeAll(int set) {
    for (int i = 0; i < deferred.length; i++) {
      if (deferred[i] != null && (set >> i & 1) != 0) {
        compute(Register.of(i));
      }
    }
  }

  /**
   * Computes what is still to be computed from the register's place, before that changes.
   *
   * @param needed the registers whose values matter; those of others are forgotten
   */
  void free(Register register, int needed) {
    for (int i = 0; i < deferred.length; i++) {
      Deferred other = deferred[i];
      if (i != register.number() && other != null && other.uses(register)) {
        if ((needed >> i & 1) != 0) {
          compute(Register.of(i));
        } else if ((live >> i & 1) == 0) {
          deferred[i] = null;
        }
      }
    }
  }

  /** The register's place, with the value in it, for an instruction that changes it in place. */
  dev.whatif.core.x86.Register own(Register register) {
    compute(register);
    free(register, live);
    changed(register);
    return Registers.of(register);
  }

  /** The register's place, for an instruction that does not need the old value. */
  dev.whatif.core.x86.Register overwrite(Register register, int needed) {
    free(register, needed);
    deferred[register.number()] = null;
    changed(register);
    return Registers.of(register);
  }

  /** Computes whatever live value is still to be computed from the register's place. */
  void freeLive(Register register) {
    free(register, live);
  }

  /** The register's place, which has been made free and is now given another value. */
  dev.whatif.core.x86.Register replace(Register register) {
    return overwrite(register, live);
  }

  /** Gives a register a value that is computed later. Asked again whenever places have changed. */
  void defer(Register register, Supplier<Deferred> value) {
    Deferred next = value.get();
    for (int i = 0; i < deferred.length; i++) {
      Deferred other = deferred[i];
      if (i == register.number() || other == null || !other.uses(register)) {
        continue;
      }
      if ((live >> i & 1) == 0) {
        deferred[i] = null;
      } else if (waits(next, register)) {
        compute(Register.of(i));
        next = value.get();
      }
    }
    boolean isItself =
        next instanceof Deferred.Sum s
            && s.isCopy()
            && s.base() == register
            && s.width() == Width.W64;
    deferred[register.number()] = isItself ? null : next;
    changed(register);
  }

  /** The same at once, unless others would have to be computed for it. */
  boolean deferIfFree(Register register, Deferred value) {
    for (int i = 0; i < deferred.length; i++) {
      Deferred other = deferred[i];
      if (i != register.number()
          && other != null
          && other.uses(register)
          && (live >> i & 1) != 0
          && waits(value, register)) {
        return false;
      }
    }
    defer(register, () -> value);
    return true;
  }

  /** Whether a value is computed from places whose own values are deferred, too. */
  private boolean waits(Deferred value, Register besides) {
    for (int i = 0; i < deferred.length; i++) {
      if (i != besides.number() && deferred[i] != null && value.uses(Register.of(i))) {
        return true;
      }
    }
    return false;
  }

  /** Says that the zero flag tells of a register that has just been computed in place. */
  void setFlags(Register register, Width width) {
    flags.set(register, width);
  }

  /** Says that the flags tell of nothing any more. */
  void clearFlags() {
    flags.clear();
  }

  /** Says that two values have been compared. */
  void setCompared(Width width, Register a, Operand b) {
    if (areInPlace(a, b)) {
      flags.setCompared(width, a, b);
    } else {
      flags.clear();
    }
  }

  /** Whether the flags are those of this comparison. */
  boolean hasCompared(Width width, Register a, Operand b) {
    return areInPlace(a, b) && flags.areOf(width, a, b);
  }

  private boolean areInPlace(Register a, Operand b) {
    return isInPlace(a) && (!(b instanceof Register r) || isInPlace(r));
  }

  /** Whether the zero flag tells of this register's value. */
  boolean hasFlags(Register register, Width width) {
    return isInPlace(register) && flags.tellOf(register, width);
  }

  /** Says that a register's place has got another value, without a change of the flags. */
  void changed(Register register) {
    flags.changed(register);
  }
}
