package dev.whatif.ebpf.isa;

/** The text of the conformance suite. */
final class ConformanceText implements InstructionText {

  private static final int SMALL = 10;

  @Override
  public String text(Instruction instruction, Targets targets) {
    return switch (instruction) {
      case Instruction.Alu(var width, var operator, var dst, var src) ->
          operator.mnemonic() + suffix(width) + " " + name(dst) + ", " + operand(src);
      case Instruction.Move(var width, var dst, var src) ->
          "mov" + suffix(width) + " " + name(dst) + ", " + operand(src);
      case Instruction.MoveSigned(var width, int bits, var dst, var src) ->
          "movsx" + bits + (width == Width.W32 ? "32 " : "64 ") + name(dst) + ", " + name(src);
      case Instruction.Negate(var width, var dst) -> "neg" + suffix(width) + " " + name(dst);
      case Instruction.SwapBytes(var swap, int bits, var dst) ->
          swap.mnemonic() + bits + " " + name(dst);
      case Instruction.LoadImmediate(var dst, long value) ->
          "lddw " + name(dst) + ", 0x" + Long.toHexString(value);
      case Instruction.LoadReference(var dst, var kind, int first, int second) ->
          "lddw "
              + name(dst)
              + ", "
              + kind.mnemonic()
              + " "
              + first
              + (kind.hasSecond() ? signed(second) : "");
      case Instruction.Load(var size, boolean signed, var dst, var base, short offset) ->
          (signed ? "ldxs" : "ldx") + letters(size) + " " + name(dst) + ", " + memory(base, offset);
      case Instruction.Store(var size, var base, short offset, Register value) ->
          "stx" + letters(size) + " " + memory(base, offset) + ", " + name(value);
      case Instruction.Store(var size, var base, short offset, Immediate value) ->
          "st" + letters(size) + " " + memory(base, offset) + ", " + operand(value);
      case Instruction.Atomic(var width, var operator, var base, short offset, var src) ->
          "lock "
              + (plainFetch(operator) ? "fetch " : "")
              + operator.mnemonic()
              + suffix(width)
              + " "
              + memory(base, offset)
              + ", "
              + name(src);
      case Instruction.LoadPacketAbsolute(var size, int offset) ->
          "ldabs" + letters(size) + " " + number(offset);
      case Instruction.LoadPacketIndirect(var size, var index, int offset) ->
          "ldind" + letters(size) + " " + name(index) + ", " + number(offset);
      case Instruction.Jump(boolean wide, int offset) ->
          (wide ? "ja32 " : "ja ") + targets.text(instruction, signed(offset));
      case Instruction.Branch(var width, var condition, var dst, var src, short offset) ->
          condition.mnemonic()
              + suffix(width)
              + " "
              + name(dst)
              + ", "
              + operand(src)
              + ", "
              + targets.text(instruction, signed(offset));
      case Instruction.CallHelper(int id) -> "call " + number(id);
      case Instruction.CallLocal(int offset) ->
          "call local " + targets.text(instruction, signed(offset));
      case Instruction.CallKernel(int btfId, short module) ->
          "call runtime " + number(btfId) + (module == 0 ? "" : ", " + module);
      case Instruction.CallRegister(var target) -> "call " + name(target);
      case Instruction.Exit() -> "exit";
    };
  }

  private static boolean plainFetch(AtomicOperator operator) {
    return operator.fetches()
        && operator != AtomicOperator.EXCHANGE
        && operator != AtomicOperator.COMPARE_EXCHANGE;
  }

  private static String operand(Operand operand) {
    return switch (operand) {
      case Register register -> name(register);
      case Immediate(int value) -> number(value);
    };
  }

  private static String name(Register register) {
    return "%r" + register.number();
  }

  private static String memory(Register base, short offset) {
    return "[" + name(base) + (offset == 0 ? "" : signed(offset)) + "]";
  }

  private static String number(int value) {
    return value <= SMALL ? Integer.toString(value) : "0x" + Integer.toHexString(value);
  }

  private static String signed(int value) {
    return value < 0 ? Integer.toString(value) : "+" + value;
  }

  private static String suffix(Width width) {
    return width == Width.W32 ? "32" : "";
  }

  static String letters(MemorySize size) {
    return switch (size) {
      case BYTE -> "b";
      case HALF -> "h";
      case WORD -> "w";
      case DOUBLE -> "dw";
    };
  }
}
