package dev.whatif.core.x86;

/** What computes; all of it changes the flags unless it says otherwise. */
abstract sealed class Operations<E extends Operations<E>> extends DataMoves<E> permits Emitter {

  private static final int ACCUMULATOR = Register.RAX.ordinal();

  /** Opcode maps of VEX instructions. */
  private static final int MAP_0F38 = 2;

  private static final int MAP_0F3A = 3;

  Operations(long base) {
    super(base);
  }

  /** {@code operation to, from}. */
  public E arithmetic(Arithmetic operation, OperandSize size, Register to, Register from) {
    int opcode = operation.ordinal() << 3;
    return instruction(size, size.opcode(opcode), from.ordinal(), to, size == OperandSize.BITS8);
  }

  /** {@code operation to, [memory]}. */
  public E arithmetic(Arithmetic operation, OperandSize size, Register to, Memory from) {
    return instruction(size, size.opcode(operation.ordinal() << 3 | 2), to.ordinal(), from);
  }

  /** {@code operation [memory], from}. */
  public E arithmetic(Arithmetic operation, OperandSize size, Memory to, Register from) {
    return instruction(size, size.opcode(operation.ordinal() << 3), from.ordinal(), to);
  }

  /** {@code operation to, value}, the shortest form; of 64 bits, the value's sign is extended. */
  public E arithmetic(Arithmetic operation, OperandSize size, Register to, int value) {
    if (size == OperandSize.BITS8) {
      group(size, 0x80, operation.ordinal(), to);
      code.put(value);
    } else if (value == (byte) value) {
      group(size, 0x83, operation.ordinal(), to);
      code.put(value);
    } else if (to.ordinal() == ACCUMULATOR && size != OperandSize.BITS16) {
      if (size == OperandSize.BITS64) {
        code.put(REX | size.rex());
      }
      code.put(operation.ordinal() << 3 | 5);
      code.put32(value);
    } else {
      group(size, 0x81, operation.ordinal(), to);
      immediate(size, value);
    }
    return self();
  }

  /** {@code operation [memory], value}. */
  public E arithmetic(Arithmetic operation, OperandSize size, Memory to, int value) {
    boolean isShort = size == OperandSize.BITS8 || value == (byte) value;
    group(size, size == OperandSize.BITS8 ? 0x80 : isShort ? 0x83 : 0x81, operation.ordinal(), to);
    immediate(isShort ? OperandSize.BITS8 : size, value);
    return self();
  }

  /** {@code test a, b}: the flags of {@code a & b}. */
  public E test(OperandSize size, Register a, Register b) {
    return instruction(size, size.opcode(0x84), b.ordinal(), a, size == OperandSize.BITS8);
  }

  /**
   * {@code test register, value}: the flags of {@code register & value}; of 64 bits, the value's
   * sign is extended. The sign flag is that of the size.
   */
  public E test(OperandSize size, Register register, int value) {
    group(size, size.opcode(0xf6), 0, register);
    immediate(size, value);
    return self();
  }

  /** {@code test [memory], value}. */
  public E test(OperandSize size, Memory memory, int value) {
    group(size, size.opcode(0xf6), 0, memory);
    immediate(size, value);
    return self();
  }

  /** {@code shift register, count}. */
  public E shift(Shift shift, OperandSize size, Register register, int count) {
    boolean byOne = count == 1;
    group(size, size.opcode(byOne ? 0xd0 : 0xc0), shift.number(), register);
    if (!byOne) {
      code.put(count);
    }
    return self();
  }

  /** {@code shift register, cl}: by the lower five or six bits of rcx. */
  public E shift(Shift shift, OperandSize size, Register register) {
    return group(size, size.opcode(0xd2), shift.number(), register);
  }

  /**
   * {@code shlx}, {@code shrx} or {@code sarx to, from, count}: by the lower five or six bits of
   * any register; leaves the flags alone. Needs {@link CpuFeature#BMI2}.
   */
  public E shift(Shift shift, OperandSize size, Register to, Register from, Register count) {
    if (shift.vexPrefix() == 0) {
      throw new IllegalArgumentException(shift + " has no such form");
    }
    vex(size, MAP_0F38, shift.vexPrefix(), to.ordinal(), count.ordinal(), from);
    code.put(0xf7);
    registerOperand(to.ordinal(), from);
    return self();
  }

  /** {@code rorx to, from, count}; leaves the flags alone. Needs {@link CpuFeature#BMI2}. */
  public E rotateRight(OperandSize size, Register to, Register from, int count) {
    vex(size, MAP_0F3A, 3, to.ordinal(), 0, from);
    code.put(0xf0);
    registerOperand(to.ordinal(), from);
    code.put(count);
    return self();
  }

  /** {@code operation register}. */
  public E unary(Unary operation, OperandSize size, Register register) {
    return group(size, size.opcode(operation.opcode()), operation.number(), register);
  }

  /** {@code operation [memory]}. */
  public E unary(Unary operation, OperandSize size, Memory memory) {
    return group(size, size.opcode(operation.opcode()), operation.number(), memory);
  }

  /** {@code imul to, from}: the lower half of the product. */
  public E multiply(OperandSize size, Register to, Register from) {
    return instruction(size, 0x0faf, to.ordinal(), from);
  }

  /** {@code imul to, [memory]}. */
  public E multiply(OperandSize size, Register to, Memory from) {
    return instruction(size, 0x0faf, to.ordinal(), from);
  }

  /** {@code imul to, from, value}. */
  public E multiply(OperandSize size, Register to, Register from, int value) {
    boolean isShort = value == (byte) value;
    instruction(size, isShort ? 0x6b : 0x69, to.ordinal(), from);
    immediate(isShort ? OperandSize.BITS8 : size, value);
    return self();
  }

  /**
   * {@code mulx high, low, from}: the whole product of rdx and another register, unsigned; leaves
   * the flags alone. Needs {@link CpuFeature#BMI2}.
   */
  public E multiplyWide(OperandSize size, Register high, Register low, Register from) {
    vex(size, MAP_0F38, 3, high.ordinal(), low.ordinal(), from);
    code.put(0xf6);
    registerOperand(high.ordinal(), from);
    return self();
  }

  /** {@code cdq} or {@code cqo}: rdx becomes 0 or -1, the sign of rax; leaves the flags alone. */
  public E signIntoRdx(OperandSize size) {
    if (size == OperandSize.BITS64) {
      code.put(REX | size.rex());
    }
    return raw(0x99);
  }

  /** The prefix that makes the next instruction, which changes memory, atomic. */
  public E lock() {
    return raw(0xf0);
  }

  /** {@code xadd [memory], register}: the register gets what was there. */
  public E exchangeAdd(OperandSize size, Memory memory, Register register) {
    return instruction(
        size, size == OperandSize.BITS8 ? 0x0fc0 : 0x0fc1, register.ordinal(), memory);
  }

  /**
   * {@code cmpxchg [memory], register}: stores when memory is equal to rax; else rax gets what is
   * there. Zero flag: stored.
   */
  public E compareExchange(OperandSize size, Memory memory, Register register) {
    return instruction(
        size, size == OperandSize.BITS8 ? 0x0fb0 : 0x0fb1, register.ordinal(), memory);
  }

  /** {@code cmp register, [base + displacement]}, 64 bits. */
  public E compare(Register register, Register base, int displacement) {
    return arithmetic(
        Arithmetic.COMPARE, OperandSize.BITS64, register, Memory.at(base, displacement));
  }

  /** {@code cmp dword [base + displacement], value}: 32 bits. */
  public E compare32(Register base, int displacement, int value) {
    return arithmetic(Arithmetic.COMPARE, OperandSize.BITS32, Memory.at(base, displacement), value);
  }

  /** {@code cmp register, value}, 64 bits against a sign-extended 32-bit value. */
  public E compare(Register register, int value) {
    return arithmetic(Arithmetic.COMPARE, OperandSize.BITS64, register, value);
  }

  /** {@code shr register, count}, 64 bits. */
  public E shiftRight(Register register, int count) {
    return shift(Shift.RIGHT, OperandSize.BITS64, register, count);
  }

  /** {@code shl register, count}, 64 bits. */
  public E shiftLeft(Register register, int count) {
    return shift(Shift.LEFT, OperandSize.BITS64, register, count);
  }

  /** {@code and register, value}, 64 bits with a sign-extended 32-bit value. */
  public E and(Register register, int value) {
    return arithmetic(Arithmetic.AND, OperandSize.BITS64, register, value);
  }

  /** {@code add to, from}, 64 bits. */
  public E add(Register to, Register from) {
    return arithmetic(Arithmetic.ADD, OperandSize.BITS64, to, from);
  }

  /** {@code lock inc qword [address]}: atomic among all threads and processes that map it. */
  public E atomicIncrement(long address) {
    lock();
    return instruction(OperandSize.BITS64, 0xff, 0, address);
  }
}
