package dev.whatif.core.x86;

/** What moves values between registers and memory; none of it changes the flags. */
abstract sealed class DataMoves<E extends DataMoves<E>> extends Encoder<E> permits Operations {

  DataMoves(long base) {
    super(base);
  }

  /**
   * {@code mov register, value}, with the shortest form that holds the value; leaves the flags
   * alone (unlike {@code xor register, register}).
   */
  public E move(Register to, long value) {
    if (value >>> 32 == 0) {
      if (to.high() != 0) {
        code.put(REX | to.high());
      }
      code.put(0xb8 | to.low());
      code.put32((int) value);
    } else if (value == (int) value) {
      group(OperandSize.BITS64, 0xc7, 0, to);
      code.put32((int) value);
    } else {
      code.put(REX | OperandSize.BITS64.rex() | to.high());
      code.put(0xb8 | to.low());
      code.put64(value);
    }
    return self();
  }

  /** {@code mov to, from}, 64 bits. */
  public E move(Register to, Register from) {
    return move(OperandSize.BITS64, to, from);
  }

  /** {@code mov to, from}: 32 bits clear the upper half. */
  public E move(OperandSize size, Register to, Register from) {
    return instruction(size, size.opcode(0x88), from.ordinal(), to, size == OperandSize.BITS8);
  }

  /** {@code mov to, from} or {@code movzx}: the rest of the 64 bits becomes 0. */
  public E moveZeroExtended(OperandSize from, Register to, Register source) {
    return switch (from) {
      case BITS8 -> instruction(OperandSize.BITS32, 0x0fb6, to.ordinal(), source, needsRex(source));
      case BITS16 -> instruction(OperandSize.BITS32, 0x0fb7, to.ordinal(), source);
      case BITS32, BITS64 -> move(from, to, source);
    };
  }

  /** {@code movsx} or {@code movsxd}: from 8, 16 or 32 bits to 32 or 64. */
  public E moveSignExtended(OperandSize from, OperandSize size, Register to, Register source) {
    return instruction(
        size,
        signExtending(from),
        to.ordinal(),
        source,
        from == OperandSize.BITS8 && needsRex(source));
  }

  /** {@code mov to, [memory]} or {@code movzx}: the rest of the 64 bits becomes 0. */
  public E load(OperandSize from, Register to, Memory source) {
    return switch (from) {
      case BITS8 -> instruction(OperandSize.BITS32, 0x0fb6, to.ordinal(), source);
      case BITS16 -> instruction(OperandSize.BITS32, 0x0fb7, to.ordinal(), source);
      case BITS32, BITS64 -> instruction(from, 0x8b, to.ordinal(), source);
    };
  }

  /** {@code movsx to, [memory]} or {@code movsxd}: from 8, 16 or 32 bits to 32 or 64. */
  public E loadSignExtended(OperandSize from, OperandSize size, Register to, Memory source) {
    return instruction(size, signExtending(from), to.ordinal(), source);
  }

  /** {@code mov [memory], from}. */
  public E store(OperandSize size, Memory to, Register from) {
    return instruction(size, size.opcode(0x88), from.ordinal(), to);
  }

  /** {@code mov [memory], value}: of 64 bits, the value's 32 with the sign extended. */
  public E store(OperandSize size, Memory to, int value) {
    group(size, size.opcode(0xc6), 0, to);
    immediate(size, value);
    return self();
  }

  /** {@code lea to, [memory]}: the address itself, or its lower 32 bits. */
  public E loadAddress(OperandSize size, Register to, Memory source) {
    return instruction(size, 0x8d, to.ordinal(), source);
  }

  /** {@code mov register, [address]}, 64 bits. */
  public E load(Register to, long address) {
    return instruction(OperandSize.BITS64, 0x8b, to.ordinal(), address);
  }

  /** {@code mov [address], register}, 64 bits. */
  public E store(long address, Register from) {
    return instruction(OperandSize.BITS64, 0x89, from.ordinal(), address);
  }

  /** {@code lea register, [address]}: the address itself. */
  public E loadAddress(Register to, long address) {
    return instruction(OperandSize.BITS64, 0x8d, to.ordinal(), address);
  }

  /** {@code mov to, [base + displacement]}, 64 bits. */
  public E load(Register to, Register base, int displacement) {
    return load(OperandSize.BITS64, to, Memory.at(base, displacement));
  }

  /** {@code lea to, [base + displacement]}. */
  public E loadAddress(Register to, Register base, int displacement) {
    return loadAddress(OperandSize.BITS64, to, Memory.at(base, displacement));
  }

  /** {@code mov dword [base + displacement], value}: 32 bits. */
  public E store32(Register base, int displacement, int value) {
    return store(OperandSize.BITS32, Memory.at(base, displacement), value);
  }

  /** {@code cmovcc to, from}, 32 or 64 bits; 32 clear the upper half even when not moved. */
  public E moveIf(Condition condition, OperandSize size, Register to, Register from) {
    return instruction(size, 0x0f40 | condition.ordinal(), to.ordinal(), from);
  }

  /** {@code setcc register}: its lowest byte becomes 1 or 0, the rest stays. */
  public E setIf(Condition condition, Register to) {
    return group(OperandSize.BITS8, 0x0f90 | condition.ordinal(), 0, to);
  }

  /** {@code xchg a, b}, 32 or 64 bits. */
  public E exchange(OperandSize size, Register a, Register b) {
    return instruction(size, 0x87, b.ordinal(), a);
  }

  /** {@code xchg [memory], register}: always atomic. */
  public E exchange(OperandSize size, Memory memory, Register register) {
    return instruction(size, size.opcode(0x86), register.ordinal(), memory);
  }

  /** {@code push register}. */
  public E push(Register from) {
    return instructionOnWholeRegister(0x50, from);
  }

  /** {@code pop register}. */
  public E pop(Register to) {
    return instructionOnWholeRegister(0x58, to);
  }

  /** {@code bswap register}, 32 or 64 bits. */
  public E swapBytes(OperandSize size, Register register) {
    int rex = size.rex() | register.high();
    if (rex != 0) {
      code.put(REX | rex);
    }
    return raw(0x0f, 0xc8 | register.low());
  }

  private E instructionOnWholeRegister(int opcode, Register register) {
    if (register.high() != 0) {
      code.put(REX | register.high());
    }
    return raw(opcode | register.low());
  }

  /** Only the register that is read as a byte matters, not the one that gets the whole. */
  private static boolean needsRex(Register source) {
    return source.ordinal() >= 4;
  }

  private static int signExtending(OperandSize from) {
    return switch (from) {
      case BITS8 -> 0x0fbe;
      case BITS16 -> 0x0fbf;
      case BITS32 -> 0x63;
      case BITS64 -> throw new IllegalArgumentException("64 bits have no sign to extend");
    };
  }
}
