package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many of the lower bits of each register can be other than 0, from 0 to 64: what is known to
 * be short needs no zero extension, no mask, and a shorter division.
 */
final class ValueBits {

  private static final int REGISTERS = 11;

  private final int[] bits = new int[REGISTERS];

  /** The constants that registers hold; null for one that varies, or is not known. */
  private final @Nullable Long[] constants = new Long[REGISTERS];

  private boolean isReached;

  private ValueBits(boolean isReached) {
    this.isReached = isReached;
  }

  /** Nothing is known. */
  static ValueBits unknown() {
    ValueBits result = new ValueBits(true);
    Arrays.fill(result.bits, Long.SIZE);
    return result;
  }

  /** Nobody comes here, so far as is known. */
  static ValueBits unreached() {
    return new ValueBits(false);
  }

  ValueBits copy() {
    ValueBits result = new ValueBits(isReached);
    System.arraycopy(bits, 0, result.bits, 0, REGISTERS);
    System.arraycopy(constants, 0, result.constants, 0, REGISTERS);
    return result;
  }

  /** The constant in a register, where it is known. */
  @Nullable Long constant(Register register) {
    return constants[register.number()];
  }

  int of(Register register) {
    return bits[register.number()];
  }

  int of(Operand operand, Width width) {
    return switch (operand) {
      case Register r -> Math.min(of(r), bitsOf(width));
      case Immediate(int value) ->
          width == Width.W32 ? length(value & 0xffff_ffffL) : length(value);
    };
  }

  /** Takes in what another way to the same place knows; tells whether that changed anything. */
  boolean join(ValueBits other) {
    if (!other.isReached) {
      return false;
    }
    boolean changed = !isReached;
    for (int i = 0; i < REGISTERS; i++) {
      if (!isReached) {
        constants[i] = other.constants[i];
      } else if (constants[i] != null && !constants[i].equals(other.constants[i])) {
        constants[i] = null;
        changed = true;
      }
      if (other.bits[i] > bits[i]) {
        bits[i] = other.bits[i];
        changed = true;
      }
    }
    isReached = true;
    return changed;
  }

  /** What is known after an instruction. */
  void apply(Instruction instruction) {
    Long constant = constantOf(instruction);
    int written = Effects.writes(instruction);
    applyBits(instruction);
    for (int i = 0; i < REGISTERS; i++) {
      if ((written >> i & 1) != 0) {
        constants[i] = constant;
      }
    }
  }

  private @Nullable Long constantOf(Instruction instruction) {
    return switch (instruction) {
      case Instruction.LoadImmediate(_, long value) -> value;
      case Instruction.Move(var width, _, Immediate(int value)) ->
          width == Width.W64 ? value : value & 0xffff_ffffL;
      case Instruction.Move(var width, _, Register src) -> {
        Long value = constants[src.number()];
        yield value == null || width == Width.W64 ? value : Long.valueOf(value & 0xffff_ffffL);
      }
      default -> null;
    };
  }

  private void applyBits(Instruction instruction) {
    switch (instruction) {
      case Instruction.Alu(var width, var operator, var dst, var src) ->
          set(dst, Math.min(result(width, operator, dst, src), bitsOf(width)));
      case Instruction.Move(var width, var dst, var src) -> set(dst, of(src, width));
      case Instruction.MoveSigned(var width, _, var dst, _) -> set(dst, bitsOf(width));
      case Instruction.Negate(var width, var dst) -> set(dst, bitsOf(width));
      case Instruction.SwapBytes(_, int size, var dst) -> set(dst, size);
      case Instruction.LoadImmediate(var dst, long value) -> set(dst, length(value));
      case Instruction.LoadReference(var dst, _, _, _) -> set(dst, Long.SIZE);
      case Instruction.Load(var size, boolean signed, var dst, _, _) ->
          set(dst, signed ? Long.SIZE : size.bits());
      case Instruction.Atomic(var width, var operator, _, _, var src) -> {
        if (operator == AtomicOperator.COMPARE_EXCHANGE) {
          set(Register.R0, bitsOf(width));
        } else if (operator.fetches()) {
          set(src, bitsOf(width));
        }
      }
      case Instruction.LoadPacketAbsolute _, Instruction.LoadPacketIndirect _ -> forgetChanged();
      case Instruction.CallHelper _, Instruction.CallLocal _ -> forgetChanged();
      case Instruction.CallKernel _, Instruction.CallRegister _ -> forgetChanged();
      case Instruction.Store _, Instruction.Jump _, Instruction.Branch _, Instruction.Exit _ -> {
        // change no register
      }
    }
  }

  private int result(Width width, AluOperator operator, Register dst, Operand src) {
    int whole = bitsOf(width);
    int a = Math.min(of(dst), whole);
    int b = of(src, width);
    return switch (operator) {
      case AND -> Math.min(a, b);
      case OR, XOR -> Math.max(a, b);
      // one more bit for each turn of a loop would take long to find out
      case ADD, SUBTRACT, MULTIPLY, SIGNED_DIVIDE, SIGNED_REMAINDER -> whole;
      case DIVIDE -> a;
      case REMAINDER -> a; // of a division by 0, the dividend
      case SHIFT_LEFT -> src instanceof Immediate(int by) ? a + (by & whole - 1) : whole;
      case SHIFT_RIGHT -> src instanceof Immediate(int by) ? Math.max(0, a - (by & whole - 1)) : a;
      case SIGNED_SHIFT_RIGHT ->
          a == whole
              ? whole
              : src instanceof Immediate(int by) ? Math.max(0, a - (by & whole - 1)) : a;
    };
  }

  private void forgetChanged() {
    for (int i = 0; i <= 5; i++) {
      bits[i] = Long.SIZE;
    }
  }

  private void set(Register register, int count) {
    bits[register.number()] = count;
  }

  static int bitsOf(Width width) {
    return width == Width.W64 ? Long.SIZE : Integer.SIZE;
  }

  private static int length(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(value);
  }
}
