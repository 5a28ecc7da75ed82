package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.isa.Slot;

/**
 * Writes an answer into the instruction that asked for it.
 *
 * <p>Three forms of instructions carry one (libbpf's relo_core.c, the kernel's copy of it):
 * arithmetic with an immediate, loads and stores with an offset, and the load of a 64-bit
 * immediate. What the instruction holds must be what the object's own types say, or the record
 * points at the wrong instruction.
 */
final class InstructionPatch {

  /**
   * The imm of a call to a helper that no kernel has, 0xbad2310, "bad relo". The verifier names it
   * only where the program can reach it.
   */
  static final int POISON = 195896080;

  private static final int CLASS = 0x07;
  private static final int LD = 0x00;
  private static final int LDX = 0x01;
  private static final int ST = 0x02;
  private static final int STX = 0x03;
  private static final int ALU = 0x04;
  private static final int ALU64 = 0x07;
  private static final int SOURCE_REGISTER = 0x08;
  private static final int WIDTH = 0x18;
  private static final int LD_IMM64 = 0x18;
  private static final int CALL = 0x85;

  private final byte[] code;
  private final int index;

  /**
   * @param code patched in place
   * @param index of the slot
   */
  InstructionPatch(byte[] code, int index) {
    this.code = code;
    this.index = index;
  }

  /** What became of the instruction. */
  sealed interface Outcome {
    /** It holds another number now. */
    record Done(long before, long after) implements Outcome {}

    /** It calls a helper that does not exist. */
    record Poisoned() implements Outcome {}

    /** It cannot hold the number, or did not hold the one it should. */
    record Refused(Reason reason, String why) implements Outcome {}
  }

  /** Whose fault it is. */
  enum Reason {
    /** The object does not fit its own types. */
    OBJECT,
    /** The types of the target do not fit the instruction. */
    TARGET
  }

  /** Replaces the instruction, both slots of it, by a call of nothing. */
  Outcome poison() {
    boolean wide = Slot.at(code, index).opcode() == LD_IMM64;
    Slot poison = new Slot(CALL, 0, 0, (short) 0, POISON);
    poison.put(code, index);
    if (wide && index + 1 < code.length / Slot.BYTES) {
      poison.put(code, index + 1);
    }
    return new Outcome.Poisoned();
  }

  /** Writes an answer. */
  Outcome write(Answer answer) {
    Slot slot = Slot.at(code, index);
    return switch (slot.opcode() & CLASS) {
      case ALU, ALU64 -> immediate(slot, answer);
      case LDX, ST, STX -> access(slot, answer);
      case LD -> wide(slot, answer);
      default -> unexpected(slot);
    };
  }

  private Outcome immediate(Slot slot, Answer answer) {
    if ((slot.opcode() & SOURCE_REGISTER) != 0) {
      return unexpected(slot);
    }
    if (answer.validate() && slot.imm() != answer.local()) {
      return disagrees(slot.imm(), answer);
    }
    // libbpf cuts a number off that does not fit; nothing that it could mean is worth running.
    boolean narrow = (slot.opcode() & CLASS) == ALU;
    long after = answer.target();
    if (after != (int) after && !(narrow && after == Integer.toUnsignedLong((int) after))) {
      return tooLarge(after, "an immediate of 32 bits");
    }
    new Slot(slot.opcode(), slot.dst(), slot.src(), slot.offset(), (int) after).put(code, index);
    return new Outcome.Done(slot.imm(), after);
  }

  private Outcome access(Slot slot, Answer answer) {
    if (answer.validate() && slot.offset() != answer.local()) {
      return disagrees(slot.offset(), answer);
    }
    long after = answer.target();
    if (after < 0 || after > Short.MAX_VALUE) {
      return tooLarge(after, "the offset of a load or store (32767)");
    }
    if (answer.incompatibleWidth()) {
      return poison();
    }
    int opcode = slot.opcode();
    if (answer.localWidth() != answer.targetWidth()) {
      int width = 1 << widthShift(opcode);
      if (width != answer.localWidth()) {
        return new Outcome.Refused(
            Reason.OBJECT,
            "accesses " + width + " bytes of a field of " + answer.localWidth() + " bytes");
      }
      int bits = widthBits(answer.targetWidth());
      if (bits < 0) {
        return new Outcome.Refused(
            Reason.TARGET,
            "accesses a field that has " + answer.targetWidth() + " bytes in the target");
      }
      opcode = (opcode & ~WIDTH) | bits;
    }
    new Slot(opcode, slot.dst(), slot.src(), (short) after, slot.imm()).put(code, index);
    return new Outcome.Done(slot.offset(), after);
  }

  private Outcome wide(Slot slot, Answer answer) {
    if (slot.opcode() != LD_IMM64
        || slot.src() != 0
        || slot.offset() != 0
        || index + 1 >= code.length / Slot.BYTES) {
      return unexpected(slot);
    }
    Slot second = Slot.at(code, index + 1);
    if (second.opcode() != 0 || second.dst() != 0 || second.src() != 0 || second.offset() != 0) {
      return unexpected(slot);
    }
    long before = Integer.toUnsignedLong(slot.imm()) | (long) second.imm() << 32;
    if (answer.validate() && before != answer.local()) {
      return disagrees(before, answer);
    }
    long after = answer.target();
    new Slot(slot.opcode(), slot.dst(), 0, (short) 0, (int) after).put(code, index);
    new Slot(0, 0, 0, (short) 0, (int) (after >>> 32)).put(code, index + 1);
    return new Outcome.Done(before, after);
  }

  /** BPF_W, BPF_H, BPF_B, BPF_DW are 0, 1, 2, 3 (RFC 9669 section 5.1). */
  private static int widthShift(int opcode) {
    return switch (opcode & WIDTH) {
      case 0x00 -> 2;
      case 0x08 -> 1;
      case 0x10 -> 0;
      default -> 3;
    };
  }

  private static int widthBits(long bytes) {
    return bytes == 4 ? 0x00 : bytes == 2 ? 0x08 : bytes == 1 ? 0x10 : bytes == 8 ? 0x18 : -1;
  }

  private static Outcome disagrees(long found, Answer answer) {
    return new Outcome.Refused(
        Reason.OBJECT, "holds " + found + " where the object's types say " + answer.local());
  }

  private static Outcome tooLarge(long value, String where) {
    return new Outcome.Refused(Reason.TARGET, "cannot hold " + value + " in " + where);
  }

  private static Outcome unexpected(Slot slot) {
    return new Outcome.Refused(
        Reason.OBJECT,
        "is no instruction that can be relocated (opcode 0x%02x)".formatted(slot.opcode()));
  }
}
