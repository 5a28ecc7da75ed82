package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Shift;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Compiles a branch over one or two cheap instructions as moves on the opposite condition: what is
 * moved is computed in any case, and nothing has to be predicted. BPF has no such moves, so that
 * its compilers make branches of what was none in C.
 */
final class ConditionalCode {

  /** Branches over more instructions than these stay branches. */
  static final int MOST = 2;

  /** A value that is moved when the condition holds. */
  private record Move(
      OperandSize size, dev.whatif.core.x86.Register to, dev.whatif.core.x86.Register from) {}

  private final Emitter e;
  private final Values values;
  private final BranchCode branches;
  private final List<dev.whatif.core.x86.Register> scratch;

  ConditionalCode(Output out, Values values, BranchCode branches, SlotRegisters slots) {
    this.e = out.e;
    this.values = values;
    this.branches = branches;
    scratch =
        slots.takes(Registers.SCRATCH2)
            ? List.of(Registers.SCRATCH)
            : List.of(Registers.SCRATCH, Registers.SCRATCH2);
  }

  /** Whether an instruction is of the kinds that may be done on a condition. */
  static boolean isPossible(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Move _ -> true;
      case Instruction.Alu(_, var operator, _, Immediate _) -> isCheap(operator);
      default -> false;
    };
  }

  private static boolean isCheap(AluOperator operator) {
    return switch (operator) {
      case ADD, SUBTRACT, AND, OR, XOR -> true;
      case SHIFT_LEFT, SHIFT_RIGHT, SIGNED_SHIFT_RIGHT -> true;
      case MULTIPLY, DIVIDE, SIGNED_DIVIDE, REMAINDER, SIGNED_REMAINDER -> false;
    };
  }

  /**
   * Tries it.
   *
   * @param liveThere what is live behind the instructions
   * @return whether that was possible
   */
  boolean over(Instruction.Branch branch, List<Instruction> instructions, int liveThere) {
    if (!instructions.stream().allMatch(i -> isPossible(i) && keepsUpperHalf(i))
        || instructions.stream().filter(ConditionalCode::needsScratch).count() > scratch.size()
        || depend(instructions)) {
      return false;
    }
    values.computeAll(liveThere);
    for (Instruction instruction : instructions) {
      values.own(dst(instruction));
    }
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.Move(_, _, Register src)) {
        values.compute(src);
      }
    }
    Iterator<dev.whatif.core.x86.Register> free = scratch.iterator();
    List<Move> moves = new ArrayList<>();
    for (Instruction instruction : instructions) {
      moves.add(move(instruction, free));
    }
    dev.whatif.core.x86.Condition condition = branches.compare(branch).negated();
    for (Move move : moves) {
      e.moveIf(condition, move.size(), move.to(), move.from());
    }
    for (Instruction instruction : instructions) {
      values.changed(dst(instruction));
    }
    return true;
  }

  private static Register dst(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Move move -> move.dst();
      case Instruction.Alu alu -> alu.dst();
      default -> throw new IllegalArgumentException(instruction.toString());
    };
  }

  private static boolean needsScratch(Instruction instruction) {
    return !(instruction instanceof Instruction.Move(_, _, Register _));
  }

  /** Whether the second needs what the first has done. */
  private static boolean depend(List<Instruction> instructions) {
    if (instructions.size() < 2) {
      return false;
    }
    int written = Effects.writes(instructions.get(0));
    Instruction second = instructions.get(1);
    return (written & (Effects.reads(second) | Effects.writes(second))) != 0;
  }

  /** Of 32 bits, the machine clears the upper half whether it moves or not. */
  private boolean keepsUpperHalf(Instruction instruction) {
    return !(instruction instanceof Instruction.Move(var width, var dst, Register src))
        || width == Width.W64
        || values.isShort(src)
        || values.isShort(dst);
  }

  private Move move(Instruction instruction, Iterator<dev.whatif.core.x86.Register> free) {
    var to = Registers.of(dst(instruction));
    return switch (instruction) {
      case Instruction.Move(var width, var dst, Register src) -> {
        boolean isShort = width == Width.W32 && values.isShort(dst);
        yield new Move(isShort ? OperandSize.BITS32 : OperandSize.BITS64, to, Registers.of(src));
      }
      case Instruction.Move(var width, _, Immediate(int value)) -> {
        var from = free.next();
        e.move(from, width == Width.W64 ? value : value & 0xffff_ffffL);
        yield new Move(OperandSize.BITS64, to, from);
      }
      case Instruction.Alu(var width, var operator, _, Operand src)
          when src instanceof Immediate(int value) -> {
        var from = free.next();
        e.move(Registers.size(width), from, to);
        operate(Registers.size(width), operator, from, value);
        values.clearFlags();
        yield new Move(OperandSize.BITS64, to, from);
      }
      default -> throw new IllegalArgumentException(instruction.toString());
    };
  }

  private void operate(
      OperandSize size, AluOperator operator, dev.whatif.core.x86.Register to, int value) {
    int count = value & size.bits() - 1;
    switch (operator) {
      case ADD -> e.arithmetic(dev.whatif.core.x86.Arithmetic.ADD, size, to, value);
      case SUBTRACT -> e.arithmetic(dev.whatif.core.x86.Arithmetic.SUBTRACT, size, to, value);
      case AND -> e.arithmetic(dev.whatif.core.x86.Arithmetic.AND, size, to, value);
      case OR -> e.arithmetic(dev.whatif.core.x86.Arithmetic.OR, size, to, value);
      case XOR -> e.arithmetic(dev.whatif.core.x86.Arithmetic.XOR, size, to, value);
      case SHIFT_LEFT -> e.shift(Shift.LEFT, size, to, count);
      case SHIFT_RIGHT -> e.shift(Shift.RIGHT, size, to, count);
      case SIGNED_SHIFT_RIGHT -> e.shift(Shift.SIGNED_RIGHT, size, to, count);
      case MULTIPLY, DIVIDE, SIGNED_DIVIDE, REMAINDER, SIGNED_REMAINDER ->
          throw new IllegalArgumentException(operator.toString());
    }
  }
}
