package dev.whatif.ebpf.isa;

/**
 * The text of LLVM's tools (llvm/lib/Target/BPF/MCTargetDesc/BPFInstPrinter.cpp): of version 19
 * with v4's register names, or of version 14.
 */
final class LlvmText implements InstructionText {

  private final boolean modern;

  LlvmText(boolean modern) {
    this.modern = modern;
  }

  @Override
  public String text(Instruction instruction, Targets targets) {
    return switch (instruction) {
      case Instruction.Alu(var width, var operator, var dst, var src) ->
          name(width, dst) + " " + operator.symbol() + " " + operand(width, src);
      case Instruction.Move(var width, var dst, var src) ->
          name(width, dst) + " = " + operand(width, src);
      case Instruction.MoveSigned(var width, int bits, var dst, var src) ->
          name(width, dst) + " = (s" + bits + ")" + name(width, src);
      case Instruction.Negate(var width, var dst) -> name(width, dst) + " = -" + name(width, dst);
      case Instruction.SwapBytes(var swap, int bits, var dst) ->
          name(dst) + " = " + swap.mnemonic() + bits + " " + name(dst);
      case Instruction.LoadImmediate(var dst, long value) ->
          name(dst) + " = " + number(value) + " ll";
      case Instruction.LoadReference(var dst, var kind, int first, int second) ->
          "ld_pseudo\t"
              + name(dst)
              + ", "
              + number(kind.code())
              + ", "
              + number(Integer.toUnsignedLong(first))
              + (second == 0 ? "" : ", " + number(second));
      case Instruction.Load(var size, boolean signed, var dst, var base, short offset) ->
          (signed || size == MemorySize.DOUBLE ? name(dst) : half(dst))
              + " = *("
              + (signed ? "s" : "u")
              + size.bits()
              + " *)"
              + memory(base, offset);
      case Instruction.Store(var size, var base, short offset, var value) ->
          "*(u" + size.bits() + " *)" + memory(base, offset) + " = " + stored(size, value);
      case Instruction.Atomic atomic -> atomic(atomic);
      case Instruction.LoadPacketAbsolute(var size, int offset) ->
          "r0 = *(u" + size.bits() + " *)skb[" + number(offset) + "]";
      case Instruction.LoadPacketIndirect(var size, var index, int offset) ->
          "r0 = *(u"
              + size.bits()
              + " *)skb["
              + name(index)
              + (offset == 0 ? "" : displacement(offset))
              + "]";
      case Instruction.Jump(boolean wide, int offset) ->
          (wide ? "gotol " : "goto ") + targets.text(instruction, signed(offset));
      case Instruction.Branch(var width, var condition, var dst, var src, short offset) ->
          "if "
              + name(width, dst)
              + " "
              + condition.symbol()
              + " "
              + operand(width, src)
              + " goto "
              + targets.text(instruction, signed(offset));
      case Instruction.CallHelper(int id) -> "call " + number(id);
      case Instruction.CallLocal(int offset) -> "call " + targets.text(instruction, number(offset));
      case Instruction.CallKernel(int btfId, short module) ->
          "call kfunc " + number(btfId) + (module == 0 ? "" : ", " + number(module));
      case Instruction.CallRegister(var target) -> "callx " + name(target);
      case Instruction.Exit() -> "exit";
    };
  }

  private String atomic(Instruction.Atomic atomic) {
    Width width = atomic.width();
    String src = width == Width.W32 ? half(atomic.src()) : name(atomic.src());
    String r0 = width == Width.W32 ? half(Register.R0) : name(Register.R0);
    String type = width == Width.W32 ? "(u32 *)" : "(u64 *)";
    String memory = memory(atomic.base(), atomic.offset());
    String bare = memory.substring(1, memory.length() - 1);
    String size = width == Width.W32 ? "32_32" : "_64";
    String symbol = atomic.operator().symbol();
    return switch (atomic.operator()) {
      case ADD, OR, AND, XOR -> "lock *" + type + memory + " " + symbol + " " + src;
      case FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR ->
          src + " = " + symbol + "(" + type + memory + ", " + src + ")";
      case EXCHANGE -> src + " = " + symbol + size + "(" + bare + ", " + src + ")";
      case COMPARE_EXCHANGE ->
          r0 + " = " + symbol + size + "(" + bare + ", " + r0 + ", " + src + ")";
    };
  }

  private String stored(MemorySize size, Operand value) {
    return switch (value) {
      case Register register -> size == MemorySize.DOUBLE ? name(register) : half(register);
      case Immediate(int number) -> number(number);
    };
  }

  private String operand(Width width, Operand operand) {
    return switch (operand) {
      case Register register -> name(width, register);
      case Immediate(int value) -> number(value);
    };
  }

  private static String name(Width width, Register register) {
    return (width == Width.W32 ? "w" : "r") + register.number();
  }

  private static String name(Register register) {
    return "r" + register.number();
  }

  /** The name for the lower half, where version 14 writes the whole. */
  private String half(Register register) {
    return (modern ? "w" : "r") + register.number();
  }

  private String memory(Register base, short offset) {
    return "(" + name(base) + displacement(offset) + ")";
  }

  private String displacement(int offset) {
    return offset < 0 ? " - " + number(-(long) offset) : " + " + number(offset);
  }

  private String signed(int offset) {
    return offset < 0 ? number(offset) : "+" + number(offset);
  }

  private String number(long value) {
    if (!modern) {
      return Long.toString(value);
    }
    return value < 0 ? "-0x" + Long.toHexString(-value) : "0x" + Long.toHexString(value);
  }
}
