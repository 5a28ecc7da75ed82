package dev.whatif.ebpf.map.code;

import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Register;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Appends the x86-64 instructions that map operations are made of, at an unknown address: nothing
 * in them depends on it. Encodings are those of Intel's Software Developer's Manual, volume 2.
 */
final class Assembly {

  private static final int W = 8;
  private static final int R = 4;
  private static final int X = 2;
  private static final int B = 1;
  private static final int REX = 0x40;
  private static final int LOCK = 0xf0;

  private ByteBuffer code = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);

  /** Arithmetic with two operands, in the order of the numbers in the machine code. */
  enum Alu {
    ADD,
    OR,
    ADC,
    SBB,
    AND,
    SUB,
    XOR,
    CMP
  }

  int offset() {
    return code.position();
  }

  byte[] bytes() {
    byte[] result = new byte[code.position()];
    code.get(0, result);
    return result;
  }

  Assembly bind(Place place) {
    place.offset = offset();
    for (int at : place.waiting) {
      code.putInt(at, place.offset - (at + Integer.BYTES));
    }
    place.waiting.clear();
    return this;
  }

  Assembly align(int multiple) {
    while (offset() % multiple != 0) {
      put(0xcc);
    }
    return this;
  }

  // 64 bits

  Assembly move(Register to, Register from) {
    return registers(W, 0x8b, to, from);
  }

  Assembly load(Register to, At from) {
    return memory(W, to, from, 0x8b);
  }

  Assembly store(At to, Register from) {
    return memory(W, from, to, 0x89);
  }

  /** Zero. */
  Assembly clear(At to) {
    return memory(W, Register.RAX, to, 0xc7).number(0);
  }

  Assembly address(Register to, At of) {
    return memory(W, to, of, 0x8d);
  }

  Assembly alu(Alu operation, Register to, Register with) {
    return registers(W, operation.ordinal() << 3 | 3, to, with);
  }

  Assembly alu(Alu operation, Register to, At with) {
    return memory(W, to, with, operation.ordinal() << 3 | 3);
  }

  /** With a number of 32 bits that is sign-extended. */
  Assembly alu(Alu operation, Register to, int with) {
    return immediate(W, operation, to, with);
  }

  Assembly multiply(Register to, At with) {
    return memory(W, to, with, 0x0f, 0xaf);
  }

  /** rdx:rax = rax * with. */
  Assembly multiply(Register with) {
    return registers(W, 0xf7, 4, with.ordinal());
  }

  /** rax, rdx = quotient and remainder of rdx:rax. */
  Assembly divide(At by) {
    return memory(W, 6, by, 0xf7);
  }

  Assembly shiftLeft(Register register, int count) {
    return registers(W, 0xc1, 4, register.ordinal()).put(count);
  }

  Assembly shiftRight(Register register, int count) {
    return registers(W, 0xc1, 5, register.ordinal()).put(count);
  }

  Assembly shiftRightByCl(Register register) {
    return registers(W, 0xd3, 5, register.ordinal());
  }

  Assembly test(Register a, Register b) {
    return registers(W, 0x85, a, b);
  }

  /** Replaces memory that equals rax; else rax becomes what is there. */
  Assembly compareAndSwap(At memory, Register with) {
    put(LOCK);
    return memory(W, with, memory, 0x0f, 0xb1);
  }

  /** Adds to memory; the register becomes what was there. */
  Assembly exchangeAndAdd(At memory, Register with) {
    put(LOCK);
    return memory(W, with, memory, 0x0f, 0xc1);
  }

  Assembly atomicIncrement(At memory) {
    put(LOCK);
    return memory(W, 0, memory, 0xff);
  }

  /** Any number. */
  Assembly move(Register to, long value) {
    put(REX | W | (high(to.ordinal()) != 0 ? B : 0), 0xb8 | low(to.ordinal()));
    room(Long.BYTES);
    code.putLong(value);
    return this;
  }

  // 32 bits, which clear the upper half

  Assembly move32(Register to, Register from) {
    return registers(0, 0x8b, to, from);
  }

  Assembly move32(Register to, int value) {
    if (high(to.ordinal()) != 0) {
      put(REX | B);
    }
    return put(0xb8 | low(to.ordinal())).number(value);
  }

  Assembly load32(Register to, At from) {
    return memory(0, to, from, 0x8b);
  }

  Assembly store32(At to, Register from) {
    return memory(0, from, to, 0x89);
  }

  Assembly address32(Register to, At of) {
    return memory(0, to, of, 0x8d);
  }

  Assembly alu32(Alu operation, Register to, Register with) {
    return registers(0, operation.ordinal() << 3 | 3, to, with);
  }

  Assembly alu32(Alu operation, Register to, At with) {
    return memory(0, to, with, operation.ordinal() << 3 | 3);
  }

  Assembly alu32(Alu operation, Register to, int with) {
    return immediate(0, operation, to, with);
  }

  Assembly compare32(At memory, int with) {
    return memory(0, Alu.CMP.ordinal(), memory, 0x81).number(with);
  }

  Assembly test32(Register a, Register b) {
    return registers(0, 0x85, a, b);
  }

  Assembly test32(Register register, int bits) {
    return registers(0, 0xf7, 0, register.ordinal()).number(bits);
  }

  Assembly clear(Register register) {
    return registers(0, 0x33, register, register);
  }

  // 16 and 8 bits

  Assembly load16(Register to, At from) {
    return memory(0, to, from, 0x0f, 0xb7);
  }

  Assembly load8(Register to, At from) {
    return memory(0, to, from, 0x0f, 0xb6);
  }

  Assembly store16(At to, Register from) {
    put(0x66);
    return memory(0, from, to, 0x89);
  }

  /** Of rax, rcx, rdx or rbx. */
  Assembly store8(At to, Register from) {
    return memory(0, from, to, 0x88);
  }

  Assembly compare16(Register a, At with) {
    put(0x66);
    return memory(0, a, with, 0x3b);
  }

  /** Of rax, rcx, rdx or rbx. */
  Assembly compare8(Register a, At with) {
    return memory(0, a, with, 0x3a);
  }

  Assembly compare8(At memory, int with) {
    return memory(0, Alu.CMP.ordinal(), memory, 0x80).put(with);
  }

  Assembly store8(At to, int value) {
    return memory(0, 0, to, 0xc6).put(value);
  }

  // control

  Assembly jump(Place to) {
    return put(0xe9).displacement(to);
  }

  Assembly jumpIf(Condition condition, Place to) {
    return put(0x0f, 0x80 | condition.ordinal()).displacement(to);
  }

  Assembly call(Place to) {
    return put(0xe8).displacement(to);
  }

  Assembly ret() {
    return put(0xc3);
  }

  Assembly push(Register... registers) {
    for (Register register : registers) {
      if (high(register.ordinal()) != 0) {
        put(REX | B);
      }
      put(0x50 | low(register.ordinal()));
    }
    return this;
  }

  /** In the order in which they were pushed. */
  Assembly pop(Register... registers) {
    for (int i = registers.length - 1; i >= 0; i--) {
      if (high(registers[i].ordinal()) != 0) {
        put(REX | B);
      }
      put(0x58 | low(registers[i].ordinal()));
    }
    return this;
  }

  private Assembly displacement(Place to) {
    int at = offset();
    if (to.offset == Place.UNKNOWN) {
      to.waiting.add(at);
      return number(0);
    }
    return number(to.offset - (at + Integer.BYTES));
  }

  private Assembly immediate(int width, Alu operation, Register to, int with) {
    if (with == (byte) with) {
      return registers(width, 0x83, operation.ordinal(), to.ordinal()).put(with);
    }
    return registers(width, 0x81, operation.ordinal(), to.ordinal()).number(with);
  }

  private Assembly registers(int width, int opcode, Register reg, Register rm) {
    return registers(width, opcode, reg.ordinal(), rm.ordinal());
  }

  private Assembly registers(int width, int opcode, int reg, int rm) {
    int rex = width | (high(reg) != 0 ? R : 0) | (high(rm) != 0 ? B : 0);
    if (rex != 0) {
      put(REX | rex);
    }
    return put(opcode, 0xc0 | low(reg) << 3 | low(rm));
  }

  private Assembly memory(int width, Register reg, At at, int... opcode) {
    return memory(width, reg.ordinal(), at, opcode);
  }

  private Assembly memory(int width, int reg, At at, int... opcode) {
    int base = at.base().ordinal();
    int index = at.index() == null ? 4 : at.index().ordinal(); // 4 is none
    int rex =
        width | (high(reg) != 0 ? R : 0) | (high(index) != 0 ? X : 0) | (high(base) != 0 ? B : 0);
    if (rex != 0) {
      put(REX | rex);
    }
    put(opcode);
    boolean small = at.displacement() == (byte) at.displacement();
    int mode = small ? 0x40 : 0x80;
    if (at.index() != null || low(base) == 4) {
      put(mode | low(reg) << 3 | 4, low(index) << 3 | low(base));
    } else {
      put(mode | low(reg) << 3 | low(base));
    }
    return small ? put(at.displacement()) : number(at.displacement());
  }

  private static int low(int register) {
    return register & 7;
  }

  private static int high(int register) {
    return register >> 3;
  }

  private Assembly number(int value) {
    room(Integer.BYTES);
    code.putInt(value);
    return this;
  }

  private Assembly put(int... values) {
    room(values.length);
    for (int value : values) {
      code.put((byte) value);
    }
    return this;
  }

  private void room(int count) {
    if (code.remaining() < count) {
      ByteBuffer larger = ByteBuffer.allocate(2 * code.capacity()).order(ByteOrder.LITTLE_ENDIAN);
      code = larger.put(code.flip());
    }
  }
}
