package dev.whatif.ebpf.isa;

import dev.whatif.core.failure.BadDataException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Reads the instruction at one slot, and refuses every encoding that RFC 9669 does not define:
 * fields that an instruction does not use must be zero (section 3.1), so that exactly one encoding
 * belongs to an instruction.
 */
final class InstructionDecoder {

  private static final int NEGATE = 0x8;
  private static final int MOVE = 0xb;
  private static final int SWAP = 0xd;

  private final byte[] code;
  private final int at;
  private final Slot slot;
  private final int opcode;

  InstructionDecoder(byte[] code, int at) {
    this.code = code;
    this.at = Objects.checkIndex(at, code.length / Slot.BYTES);
    slot = Slot.at(code, at);
    opcode = slot.opcode();
  }

  Instruction decode() {
    return switch (InstructionClass.of(opcode)) {
      case LD -> load();
      case LDX -> loadFromMemory();
      case ST -> storeImmediate();
      case STX -> storeRegister();
      case ALU -> arithmetic(Width.W32);
      case ALU64 -> arithmetic(Width.W64);
      case JMP -> jump(Width.W64);
      case JMP32 -> jump(Width.W32);
    };
  }

  private Instruction load() {
    MemorySize size = MemorySize.of(opcode);
    int mode = opcode & 0xe0;
    if (opcode == InstructionEncoder.LOAD_64) {
      return loadImmediate();
    }
    if (size != MemorySize.DOUBLE && mode == InstructionEncoder.PACKET_ABSOLUTE) {
      unused("destination register", slot.dst());
      unused("source register", slot.src());
      unused("offset", slot.offset());
      return new Instruction.LoadPacketAbsolute(size, slot.imm());
    }
    if (size != MemorySize.DOUBLE && mode == InstructionEncoder.PACKET_INDIRECT) {
      unused("destination register", slot.dst());
      unused("offset", slot.offset());
      return new Instruction.LoadPacketIndirect(size, src(), slot.imm());
    }
    throw unknown();
  }

  private Instruction loadImmediate() {
    unused("offset", slot.offset());
    Register dst = dst();
    if (at + 1 >= code.length / Slot.BYTES) {
      throw bad("a 64-bit load needs a second slot, and the code ends here");
    }
    Slot next = Slot.at(code, at + 1);
    if (next.opcode() != 0 || next.dst() != 0 || next.src() != 0 || next.offset() != 0) {
      throw bad(
          "the second slot of a 64-bit load may hold an immediate only, not " + bytes(at + 1));
    }
    if (slot.src() == 0) {
      long value = (long) next.imm() << 32 | Integer.toUnsignedLong(slot.imm());
      return new Instruction.LoadImmediate(dst, value);
    }
    if (!ReferenceKind.exists(slot.src())) {
      throw bad("a 64-bit load from source " + slot.src() + "; known are 0 to 6");
    }
    ReferenceKind kind = ReferenceKind.of(slot.src());
    if (!kind.hasSecond()) {
      unused("second immediate of a " + kind.mnemonic() + " load", next.imm());
    }
    return new Instruction.LoadReference(dst, kind, slot.imm(), next.imm());
  }

  private Instruction loadFromMemory() {
    MemorySize size = MemorySize.of(opcode);
    boolean signed =
        switch (opcode & 0xe0) {
          case InstructionEncoder.MEMORY -> false;
          case InstructionEncoder.MEMORY_SIGNED -> true;
          default -> throw unknown();
        };
    if (signed && size == MemorySize.DOUBLE) {
      throw unknown();
    }
    unused("immediate", slot.imm());
    return new Instruction.Load(size, signed, dst(), src(), slot.offset());
  }

  private Instruction storeImmediate() {
    if ((opcode & 0xe0) != InstructionEncoder.MEMORY) {
      throw unknown();
    }
    unused("source register", slot.src());
    return new Instruction.Store(
        MemorySize.of(opcode), dst(), slot.offset(), new Immediate(slot.imm()));
  }

  private Instruction storeRegister() {
    MemorySize size = MemorySize.of(opcode);
    int mode = opcode & 0xe0;
    if (mode == InstructionEncoder.MEMORY) {
      unused("immediate", slot.imm());
      return new Instruction.Store(size, dst(), slot.offset(), src());
    }
    if (mode != InstructionEncoder.ATOMIC || size.bytes() < 4) {
      throw unknown();
    }
    AtomicOperator operator =
        AtomicOperator.of(slot.imm())
            .orElseThrow(() -> bad("there is no atomic operation 0x%x".formatted(slot.imm())));
    Width width = size == MemorySize.WORD ? Width.W32 : Width.W64;
    return new Instruction.Atomic(width, operator, dst(), slot.offset(), src());
  }

  private Instruction arithmetic(Width width) {
    int operation = opcode >>> 4;
    if (operation == SWAP) {
      return swap(width);
    }
    if (operation == NEGATE) {
      if (fromRegister()) {
        throw unknown();
      }
      unused("source register", slot.src());
      unused("offset", slot.offset());
      unused("immediate", slot.imm());
      return new Instruction.Negate(width, dst());
    }
    if (operation == MOVE) {
      return move(width);
    }
    if (!AluOperator.exists(operation)) {
      throw unknown();
    }
    AluOperator operator =
        AluOperator.of(operation, slot.offset())
            .orElseThrow(() -> nonZero("offset", slot.offset()));
    return new Instruction.Alu(width, operator, dst(), operand());
  }

  private Instruction move(Width width) {
    int bits = slot.offset();
    if (bits == 0) {
      return new Instruction.Move(width, dst(), operand());
    }
    if (!fromRegister()) {
      throw nonZero("offset", bits);
    }
    if (bits != 8 && bits != 16 && (bits != 32 || width == Width.W32)) {
      throw bad(
          "the offset is %d; a move extends the sign of that many bits (8, 16, and into 64 also 32), else it must be 0"
              .formatted(bits));
    }
    unused("immediate", slot.imm());
    return new Instruction.MoveSigned(width, bits, dst(), src());
  }

  private Instruction swap(Width width) {
    if (width == Width.W64 && fromRegister()) {
      throw unknown();
    }
    unused("source register", slot.src());
    unused("offset", slot.offset());
    int bits = slot.imm();
    if (bits != 16 && bits != 32 && bits != 64) {
      throw bad("bytes of " + bits + " bits cannot be swapped; 16, 32 or 64 can");
    }
    ByteSwap swap =
        width == Width.W64
            ? ByteSwap.ALWAYS
            : fromRegister() ? ByteSwap.TO_BIG : ByteSwap.TO_LITTLE;
    return new Instruction.SwapBytes(swap, bits, dst());
  }

  private Instruction jump(Width width) {
    return switch (opcode) {
      case InstructionEncoder.GOTO -> {
        unused("destination register", slot.dst());
        unused("source register", slot.src());
        unused("immediate", slot.imm());
        yield new Instruction.Jump(false, slot.offset());
      }
      case InstructionEncoder.GOTO_WIDE -> {
        unused("destination register", slot.dst());
        unused("source register", slot.src());
        unused("offset", slot.offset());
        yield new Instruction.Jump(true, slot.imm());
      }
      case InstructionEncoder.CALL -> call();
      case InstructionEncoder.CALL_REGISTER -> {
        unused("source register", slot.src());
        unused("offset", slot.offset());
        // clang before 19 put the register's number there.
        unused("immediate of callx", slot.imm());
        yield new Instruction.CallRegister(dst());
      }
      case InstructionEncoder.EXIT -> {
        unused("destination register", slot.dst());
        unused("source register", slot.src());
        unused("offset", slot.offset());
        unused("immediate", slot.imm());
        yield new Instruction.Exit();
      }
      default -> {
        Condition condition = Condition.of(opcode >>> 4).orElseThrow(this::unknown);
        yield new Instruction.Branch(width, condition, dst(), operand(), slot.offset());
      }
    };
  }

  private Instruction call() {
    unused("destination register", slot.dst());
    if (slot.src() == InstructionEncoder.CALLED_IN_KERNEL) {
      return new Instruction.CallKernel(slot.imm(), slot.offset());
    }
    unused("offset", slot.offset());
    return switch (slot.src()) {
      case 0 -> new Instruction.CallHelper(slot.imm());
      case InstructionEncoder.CALLED_LOCALLY -> new Instruction.CallLocal(slot.imm());
      default -> throw bad("a call of source " + slot.src() + "; known are 0 to 2");
    };
  }

  private boolean fromRegister() {
    return (opcode & InstructionEncoder.FROM_REGISTER) != 0;
  }

  private Operand operand() {
    if (fromRegister()) {
      unused("immediate", slot.imm());
      return src();
    }
    unused("source register", slot.src());
    return new Immediate(slot.imm());
  }

  private Register dst() {
    return register("destination", slot.dst());
  }

  private Register src() {
    return register("source", slot.src());
  }

  private Register register(String role, int number) {
    if (!Register.exists(number)) {
      throw bad("the %s register is %d; there are r0 to r10".formatted(role, number));
    }
    return Register.of(number);
  }

  private void unused(String field, int value) {
    if (value != 0) {
      throw nonZero(field, value);
    }
  }

  private BadDataException nonZero(String field, int value) {
    return bad(
        "the %s is %d; opcode 0x%02x does not use it and it must be 0"
            .formatted(field, value, opcode));
  }

  private BadDataException unknown() {
    return bad("opcode 0x%02x is none of RFC 9669's".formatted(opcode));
  }

  private BadDataException bad(String why) {
    return new BadDataException("slot %d (%s): %s".formatted(at, bytes(at), why));
  }

  private String bytes(int index) {
    return HexFormat.ofDelimiter(" ").formatHex(code, index * Slot.BYTES, (index + 1) * Slot.BYTES);
  }
}
