package dev.whatif.core.x86;

import org.jspecify.annotations.Nullable;

/**
 * The parts that all instructions are made of: prefixes, opcode, the ModRM byte and what follows it
 * (Intel SDM, volume 2, chapter 2). An opcode is one byte, or two with {@code 0x0f} in front.
 *
 * @param <E> the emitter, so that calls can be chained
 */
abstract sealed class Encoder<E extends Encoder<E>> permits DataMoves {

  static final int REX = 0x40;

  /** ModRM: a register, not memory. */
  private static final int REGISTER = 0xc0;

  private static final int DISPLACEMENT8 = 0x40;
  private static final int DISPLACEMENT32 = 0x80;

  /** ModRM: "memory at rip + 32-bit displacement" (mod 0, rm 5). */
  private static final int RIP_RELATIVE = 5;

  /** ModRM rm 4 (rsp, r12) announces a SIB byte. */
  private static final int SIB_FOLLOWS = 4;

  /** SIB index 4 is none; base 5 without displacement (mod 0) is none. */
  private static final int NO_INDEX = 4;

  private static final int NO_BASE = 5;

  private static final int OPERAND_16_BITS = 0x66;

  final long base;
  final CodeBuffer code = new CodeBuffer();

  Encoder(long base) {
    this.base = base;
  }

  abstract E self();

  /** Where the next byte will lie. */
  public long address() {
    return base + code.position();
  }

  /** The bytes so far. */
  public byte[] bytes() {
    return code.bytes();
  }

  /** Eight bytes of data, little-endian. */
  public E number64(long value) {
    code.put64(value);
    return self();
  }

  /** Bytes of data. */
  public E data(byte[] bytes) {
    code.put(bytes);
    return self();
  }

  E raw(int... values) {
    for (int value : values) {
      code.put(value);
    }
    return self();
  }

  /** An instruction on two registers, or on one and a number in place of the other. */
  E instruction(OperandSize size, int opcode, int register, Register operand) {
    return instruction(size, opcode, register, operand, false);
  }

  /**
   * The same.
   *
   * @param bytes whether rsp, rbp, rsi or rdi stand for their lowest byte: without a REX prefix,
   *     their numbers mean ah, ch, dh and bh
   */
  E instruction(OperandSize size, int opcode, int register, Register operand, boolean bytes) {
    boolean needed = bytes && (register >= 4 || operand.ordinal() >= 4);
    prefixes(size, register, null, operand, needed);
    opcode(opcode);
    code.put(REGISTER | (register & 7) << 3 | operand.low());
    return self();
  }

  /** An instruction on memory; an immediate may follow. */
  E instruction(OperandSize size, int opcode, int register, Memory operand) {
    boolean needed = size == OperandSize.BITS8 && register >= 4;
    prefixes(size, register, operand.index(), operand.base(), needed);
    opcode(opcode);
    operand(register, operand);
    return self();
  }

  /** An instruction on one register, whose opcode goes on in the ModRM byte. */
  E group(OperandSize size, int opcode, int digit, Register operand) {
    prefixes(size, 0, null, operand, size == OperandSize.BITS8 && operand.ordinal() >= 4);
    opcode(opcode);
    code.put(REGISTER | digit << 3 | operand.low());
    return self();
  }

  /** The same on memory; an immediate may follow. */
  E group(OperandSize size, int opcode, int digit, Memory operand) {
    prefixes(size, 0, operand.index(), operand.base(), false);
    opcode(opcode);
    operand(digit, operand);
    return self();
  }

  /** An instruction whose operand is memory relative to itself, the last thing in it. */
  E instruction(OperandSize size, int opcode, int register, long address) {
    relative(size, opcode, register);
    long distance = address - (address() + Integer.BYTES);
    if (distance != (int) distance) {
      throw new IllegalArgumentException(
          "0x%x is not within 2 GiB of 0x%x".formatted(address, address()));
    }
    code.put32((int) distance);
    return self();
  }

  /** The beginning of such an instruction, without the displacement. */
  void relative(OperandSize size, int opcode, int register) {
    prefixes(size, register, null, null, false);
    opcode(opcode);
    code.put((register & 7) << 3 | RIP_RELATIVE);
  }

  /** ModRM, SIB and displacement, the shortest. */
  void operand(int register, Memory m) {
    int middle = (register & 7) << 3;
    Register memoryBase = m.base();
    Register index = m.index();
    int indexBits = index == null ? NO_INDEX : index.low();
    int sib = m.scaleBits() << 6 | indexBits << 3;
    if (memoryBase == null) {
      code.put(middle | SIB_FOLLOWS);
      code.put(sib | NO_BASE);
      code.put32(m.displacement());
      return;
    }
    int displacement = m.displacement();
    int mod =
        displacement == 0 && memoryBase.low() != NO_BASE
            ? 0
            : displacement == (byte) displacement ? DISPLACEMENT8 : DISPLACEMENT32;
    if (index != null || memoryBase.low() == SIB_FOLLOWS) {
      code.put(mod | middle | SIB_FOLLOWS);
      code.put(sib | memoryBase.low());
    } else {
      code.put(mod | middle | memoryBase.low());
    }
    if (mod == DISPLACEMENT8) {
      code.put(displacement);
    } else if (mod == DISPLACEMENT32) {
      code.put32(displacement);
    }
  }

  /** An immediate of an instruction's size: 64-bit ones have 32 bits, whose sign is extended. */
  void immediate(OperandSize size, int value) {
    switch (size) {
      case BITS8 -> code.put(value);
      case BITS16 -> code.put16(value);
      case BITS32, BITS64 -> code.put32(value);
    }
  }

  /** Three-operand instructions of BMI2: {@code prefix} is 0, 1 (66), 2 (f3) or 3 (f2). */
  void vex(OperandSize size, int map, int prefix, int register, int second, Register operand) {
    code.put(0xc4);
    code.put((~(register >> 3) & 1) << 7 | 1 << 6 | (~operand.high() & 1) << 5 | map);
    code.put((size == OperandSize.BITS64 ? 0x80 : 0) | (~second & 0xf) << 3 | prefix);
  }

  void registerOperand(int register, Register operand) {
    code.put(REGISTER | (register & 7) << 3 | operand.low());
  }

  private void prefixes(
      OperandSize size,
      int register,
      @Nullable Register index,
      @Nullable Register operand,
      boolean needed) {
    if (size == OperandSize.BITS16) {
      code.put(OPERAND_16_BITS);
    }
    int rex =
        size.rex()
            | register >> 3 << 2
            | (index == null ? 0 : index.high() << 1)
            | (operand == null ? 0 : operand.high());
    if (rex != 0 || needed) {
      code.put(REX | rex);
    }
  }

  private void opcode(int opcode) {
    if (opcode > 0xff) {
      code.put(opcode >> 8);
    }
    code.put(opcode);
  }
}
