package dev.whatif.ebpf.interpreter;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.ByteSwap;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.ArrayList;
import java.util.List;

/**
 * A program as the loop reads it: one word an instruction, laid out as a slot of BPF is, but with a
 * dense operation code, and distances that count instructions.
 *
 * <pre>
 *   63                     32 31              16 15  12 11   8 7         0
 *  +-------------------------+------------------+------+------+-----------+
 *  | constant, or distance of| offset, or dis-  | src  | dst  | operation |
 *  | a jump or call          | tance of a branch|      |      |           |
 *  +-------------------------+------------------+------+------+-----------+
 * </pre>
 */
final class Translation {

  /**
   * What a register holds that points to a function of the program: this plus the function's index.
   * No address of x86-64 looks like it.
   */
  static final long FUNCTION = 0x5bf0_0000_0000_0000L;

  private static final int MOST_INSTRUCTIONS = 1 << 20;

  private final Code code;
  private final Environment environment;
  private final long[] words;
  private final List<Long> constants = new ArrayList<>();

  Translation(Code code, Environment environment) {
    this.code = code;
    this.environment = environment;
    List<Instruction> instructions = code.instructions();
    if (instructions.size() > MOST_INSTRUCTIONS) {
      throw new BadDataException(
          "%,d instructions; the interpreter runs up to %,d"
              .formatted(instructions.size(), MOST_INSTRUCTIONS));
    }
    words = new long[instructions.size() + 1];
    for (int i = 0; i < instructions.size(); i++) {
      words[i] = word(i, instructions.get(i));
    }
    words[instructions.size()] = Operations.END;
  }

  /** The instructions, and one more that nothing may get to. */
  long[] words() {
    return words;
  }

  /** The 64-bit constants. */
  long[] constants() {
    return constants.stream().mapToLong(Long::longValue).toArray();
  }

  /** Where the instruction of an index is in the program; that of the last, when behind it. */
  int slotOf(int index) {
    return code.slotOf(Math.min(index, words.length - 2));
  }

  /** The instruction itself, for those that are rare enough to be read anew each time. */
  Instruction at(int index) {
    return code.instructions().get(index);
  }

  private long word(int index, Instruction instruction) {
    return switch (instruction) {
      case Instruction.Alu(var width, var operator, var dst, var src) ->
          pack(base(width, src) + operation(operator), dst, src, 0);
      case Instruction.Move(var width, var dst, var src) ->
          pack(base(width, src) + Operations.MOVE, dst, src, 0);
      case Instruction.MoveSigned move -> pack(extension(move), move.dst(), move.src(), 0);
      case Instruction.Negate(var width, var dst) ->
          pack(base(width, dst) + Operations.NEGATE, dst, dst, 0);
      case Instruction.SwapBytes swap -> pack(swap(swap), swap.dst(), swap.dst(), 0);
      case Instruction.LoadImmediate(var dst, var value) ->
          pack(Operations.LONG_CONSTANT, dst, constant(value), 0);
      case Instruction.LoadReference reference ->
          pack(Operations.LONG_CONSTANT, reference.dst(), constant(value(index, reference)), 0);
      case Instruction.Load load -> pack(load(load), load.dst(), load.base(), load.offset());
      case Instruction.Store(var size, var base, var offset, var value) ->
          pack(
              (value instanceof Register ? Operations.STORE : Operations.STORE_CONSTANT)
                  + size.ordinal(),
              base,
              value,
              offset);
      case Instruction.Atomic atomic ->
          pack(Operations.ATOMIC, atomic.base(), atomic.src(), atomic.offset());
      case Instruction.Jump _ ->
          pack(Operations.JUMP, Register.R0, new Immediate(distance(index)), 0);
      case Instruction.Branch(var width, var condition, var dst, var src, _) ->
          pack(branch(width, src) + operation(condition), dst, src, distance(index));
      case Instruction.CallHelper(int id) ->
          pack(Operations.CALL_HELPER, Register.R0, new Immediate(id), 0);
      case Instruction.CallLocal _ ->
          pack(Operations.CALL_LOCAL, Register.R0, new Immediate(distance(index)), 0);
      case Instruction.CallRegister(var target) ->
          pack(Operations.CALL_REGISTER, target, target, 0);
      case Instruction.Exit _ -> pack(Operations.EXIT, Register.R0, Register.R0, 0);
      case Instruction.CallKernel _ -> throw unknown(index, "calls a function of the kernel");
      case Instruction.LoadPacketAbsolute _, Instruction.LoadPacketIndirect _ ->
          throw unknown(index, "reads a packet in the obsolete way");
    };
  }

  private static long pack(int operation, Register dst, Operand src, int offset) {
    long second =
        switch (src) {
          case Register register -> (long) register.number() << 12;
          case Immediate(int value) -> (long) value << 32;
        };
    return second | (offset & 0xffffL) << 16 | (long) dst.number() << 8 | operation;
  }

  private Immediate constant(long value) {
    constants.add(value);
    return new Immediate(constants.size() - 1);
  }

  private int distance(int index) {
    long slot = code.instructions().get(index).targetFrom(code.slotOf(index)).orElseThrow();
    return code.indexAt(slot).orElseThrow() - (index + 1);
  }

  private long value(int index, Instruction.LoadReference reference) {
    return switch (reference.kind()) {
      case FUNCTION -> FUNCTION + index + 1 + distance(index);
      case MAP_INDEX -> environment.mapAddress(reference.first());
      case MAP_INDEX_VALUE -> environment.firstValue(reference.first()) + reference.second();
      case MAP, MAP_VALUE, VARIABLE -> throw unknown(index, "names something in the kernel");
    };
  }

  private static int base(Width width, Operand src) {
    boolean register = src instanceof Register;
    return switch (width) {
      case W64 -> register ? Operations.ALU64 : Operations.ALU64_CONSTANT;
      case W32 -> register ? Operations.ALU32 : Operations.ALU32_CONSTANT;
    };
  }

  private static int branch(Width width, Operand src) {
    boolean register = src instanceof Register;
    return switch (width) {
      case W64 -> register ? Operations.BRANCH64 : Operations.BRANCH64_CONSTANT;
      case W32 -> register ? Operations.BRANCH32 : Operations.BRANCH32_CONSTANT;
    };
  }

  private static int operation(AluOperator operator) {
    return switch (operator) {
      case ADD -> Operations.ADD;
      case SUBTRACT -> Operations.SUBTRACT;
      case MULTIPLY -> Operations.MULTIPLY;
      case DIVIDE -> Operations.DIVIDE;
      case SIGNED_DIVIDE -> Operations.SIGNED_DIVIDE;
      case OR -> Operations.OR;
      case AND -> Operations.AND;
      case SHIFT_LEFT -> Operations.SHIFT_LEFT;
      case SHIFT_RIGHT -> Operations.SHIFT_RIGHT;
      case REMAINDER -> Operations.REMAINDER;
      case SIGNED_REMAINDER -> Operations.SIGNED_REMAINDER;
      case XOR -> Operations.XOR;
      case SIGNED_SHIFT_RIGHT -> Operations.SIGNED_SHIFT_RIGHT;
    };
  }

  private static int operation(Condition condition) {
    return switch (condition) {
      case EQUAL -> Operations.EQUAL;
      case GREATER -> Operations.GREATER;
      case GREATER_OR_EQUAL -> Operations.GREATER_OR_EQUAL;
      case COMMON_BITS -> Operations.COMMON_BITS;
      case NOT_EQUAL -> Operations.NOT_EQUAL;
      case SIGNED_GREATER -> Operations.SIGNED_GREATER;
      case SIGNED_GREATER_OR_EQUAL -> Operations.SIGNED_GREATER_OR_EQUAL;
      case LESS -> Operations.LESS;
      case LESS_OR_EQUAL -> Operations.LESS_OR_EQUAL;
      case SIGNED_LESS -> Operations.SIGNED_LESS;
      case SIGNED_LESS_OR_EQUAL -> Operations.SIGNED_LESS_OR_EQUAL;
    };
  }

  private static int extension(Instruction.MoveSigned move) {
    return switch (move.bits()) {
      case 8 -> move.width() == Width.W64 ? Operations.EXTEND_BYTE : Operations.EXTEND_BYTE32;
      case 16 -> move.width() == Width.W64 ? Operations.EXTEND_HALF : Operations.EXTEND_HALF32;
      default -> Operations.EXTEND_WORD;
    };
  }

  private static int swap(Instruction.SwapBytes swap) {
    boolean truncates = swap.swap() == ByteSwap.TO_LITTLE;
    return switch (swap.bits()) {
      case 16 -> truncates ? Operations.TRUNCATE16 : Operations.SWAP16;
      case 32 -> truncates ? Operations.ALU32 + Operations.MOVE : Operations.SWAP32;
      default -> truncates ? Operations.ALU64 + Operations.MOVE : Operations.SWAP64;
    };
  }

  private static int load(Instruction.Load load) {
    int first = load.signed() ? Operations.LOAD_SIGNED : Operations.LOAD;
    return first + load.size().ordinal();
  }

  private BadDataException unknown(int index, String what) {
    return new BadDataException(
        "slot %d %s, which only the kernel can run".formatted(code.slotOf(index), what));
  }
}
