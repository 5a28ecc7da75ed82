package dev.whatif.ebpf.isa;

/** Writes instructions as slots (RFC 9669 section 3). */
final class InstructionEncoder {

  /** The bit that says that the second value is a register (BPF_X). */
  static final int FROM_REGISTER = 0x08;

  static final int LOAD_64 = 0x18;
  static final int PACKET_ABSOLUTE = 0x20;
  static final int PACKET_INDIRECT = 0x40;
  static final int MEMORY = 0x60;
  static final int MEMORY_SIGNED = 0x80;
  static final int ATOMIC = 0xc0;
  static final int GOTO = 0x05;
  static final int GOTO_WIDE = 0x06;
  static final int CALL = 0x85;
  static final int CALL_REGISTER = 0x8d;
  static final int EXIT = 0x95;
  static final int CALLED_LOCALLY = 1;
  static final int CALLED_IN_KERNEL = 2;

  private InstructionEncoder() {}

  /** Writes an instruction at a slot of some code. */
  static void put(Instruction instruction, byte[] code, int at) {
    slot(instruction).put(code, at);
    switch (instruction) {
      case Instruction.LoadImmediate(_, long value) ->
          second((int) (value >>> 32)).put(code, at + 1);
      case Instruction.LoadReference(_, _, _, int second) -> second(second).put(code, at + 1);
      default -> {
        // One slot is all there is.
      }
    }
  }

  private static Slot second(int imm) {
    return new Slot(0, 0, 0, (short) 0, imm);
  }

  private static Slot slot(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Alu(var width, var operator, var dst, var src) ->
          operation(arithmetic(width) | operator.code() << 4, dst, src, (short) operator.offset());
      case Instruction.Move(var width, var dst, var src) ->
          operation(arithmetic(width) | 0xb0, dst, src, (short) 0);
      case Instruction.MoveSigned(var width, int bits, var dst, var src) ->
          operation(arithmetic(width) | 0xb0, dst, src, (short) bits);
      case Instruction.Negate(var width, var dst) ->
          slot(arithmetic(width) | 0x80, dst.number(), 0, (short) 0, 0);
      case Instruction.SwapBytes(var swap, int bits, var dst) ->
          slot(swap.opcode(), dst.number(), 0, (short) 0, bits);
      case Instruction.LoadImmediate(var dst, long value) ->
          slot(LOAD_64, dst.number(), 0, (short) 0, (int) value);
      case Instruction.LoadReference(var dst, var kind, int first, _) ->
          slot(LOAD_64, dst.number(), kind.code(), (short) 0, first);
      case Instruction.Load(var size, boolean signed, var dst, var base, short offset) ->
          slot(
              InstructionClass.LDX.code() | size.code() | (signed ? MEMORY_SIGNED : MEMORY),
              dst.number(),
              base.number(),
              offset,
              0);
      case Instruction.Store(var size, var base, short offset, Immediate(int value)) ->
          slot(InstructionClass.ST.code() | size.code() | MEMORY, base.number(), 0, offset, value);
      case Instruction.Store(var size, var base, short offset, Register value) ->
          slot(
              InstructionClass.STX.code() | size.code() | MEMORY,
              base.number(),
              value.number(),
              offset,
              0);
      case Instruction.Atomic(var width, var operator, var base, short offset, var src) ->
          slot(
              InstructionClass.STX.code() | ATOMIC | (width == Width.W32 ? 0x00 : 0x18),
              base.number(),
              src.number(),
              offset,
              operator.code());
      case Instruction.LoadPacketAbsolute(var size, int offset) ->
          slot(PACKET_ABSOLUTE | size.code(), 0, 0, (short) 0, offset);
      case Instruction.LoadPacketIndirect(var size, var index, int offset) ->
          slot(PACKET_INDIRECT | size.code(), 0, index.number(), (short) 0, offset);
      case Instruction.Jump(boolean wide, int offset) ->
          wide ? slot(GOTO_WIDE, 0, 0, (short) 0, offset) : slot(GOTO, 0, 0, (short) offset, 0);
      case Instruction.Branch(var width, var condition, var dst, var src, short offset) ->
          operation(branch(width) | condition.code() << 4, dst, src, offset);
      case Instruction.CallHelper(int id) -> slot(CALL, 0, 0, (short) 0, id);
      case Instruction.CallLocal(int offset) -> slot(CALL, 0, CALLED_LOCALLY, (short) 0, offset);
      case Instruction.CallKernel(int btfId, short module) ->
          slot(CALL, 0, CALLED_IN_KERNEL, module, btfId);
      case Instruction.CallRegister(var target) ->
          slot(CALL_REGISTER, target.number(), 0, (short) 0, 0);
      case Instruction.Exit() -> slot(EXIT, 0, 0, (short) 0, 0);
    };
  }

  private static Slot operation(int opcode, Register dst, Operand src, short offset) {
    return switch (src) {
      case Register register ->
          slot(opcode | FROM_REGISTER, dst.number(), register.number(), offset, 0);
      case Immediate(int value) -> slot(opcode, dst.number(), 0, offset, value);
    };
  }

  private static Slot slot(int opcode, int dst, int src, short offset, int imm) {
    return new Slot(opcode, dst, src, offset, imm);
  }

  private static int arithmetic(Width width) {
    return (width == Width.W32 ? InstructionClass.ALU : InstructionClass.ALU64).code();
  }

  private static int branch(Width width) {
    return (width == Width.W32 ? InstructionClass.JMP32 : InstructionClass.JMP).code();
  }
}
