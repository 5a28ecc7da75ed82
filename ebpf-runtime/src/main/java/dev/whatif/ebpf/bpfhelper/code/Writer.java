package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Unary;

/** {@link Emitter} with short names for what helpers are made of; 64 bits unless the name says. */
final class Writer {

  private static final int[] RDTSC = {0x0f, 0x31};
  private static final int[] LFENCE = {0x0f, 0xae, 0xe8};

  final Emitter e;

  Writer(Emitter emitter) {
    this.e = emitter;
  }

  static Memory at(Register base, int displacement) {
    return Memory.at(base, displacement);
  }

  static Memory at(Register base, Register index) {
    return Memory.at(base, index, 1, 0);
  }

  Writer move(Register to, Register from) {
    e.move(to, from);
    return this;
  }

  Writer move(Register to, long value) {
    e.move(to, value);
    return this;
  }

  Writer move32(Register to, Register from) {
    e.move(OperandSize.BITS32, to, from);
    return this;
  }

  /** 0, without regard to the flags. */
  Writer clear(Register register) {
    return arithmetic32(Arithmetic.XOR, register, register);
  }

  Writer load(Register to, Memory from) {
    e.load(OperandSize.BITS64, to, from);
    return this;
  }

  Writer load32(Register to, Memory from) {
    e.load(OperandSize.BITS32, to, from);
    return this;
  }

  Writer load16(Register to, Memory from) {
    e.load(OperandSize.BITS16, to, from);
    return this;
  }

  Writer load8(Register to, Memory from) {
    e.load(OperandSize.BITS8, to, from);
    return this;
  }

  Writer store(Memory to, Register from) {
    e.store(OperandSize.BITS64, to, from);
    return this;
  }

  Writer store(Memory to, int value) {
    e.store(OperandSize.BITS64, to, value);
    return this;
  }

  Writer store32(Memory to, Register from) {
    e.store(OperandSize.BITS32, to, from);
    return this;
  }

  Writer store8(Memory to, Register from) {
    e.store(OperandSize.BITS8, to, from);
    return this;
  }

  Writer store8(Memory to, int value) {
    e.store(OperandSize.BITS8, to, value);
    return this;
  }

  /** The address itself. */
  Writer address(Register to, Memory of) {
    e.loadAddress(OperandSize.BITS64, to, of);
    return this;
  }

  Writer address32(Register to, Memory of) {
    e.loadAddress(OperandSize.BITS32, to, of);
    return this;
  }

  Writer arithmetic(Arithmetic operation, Register to, Register with) {
    e.arithmetic(operation, OperandSize.BITS64, to, with);
    return this;
  }

  Writer arithmetic(Arithmetic operation, Register to, Memory with) {
    e.arithmetic(operation, OperandSize.BITS64, to, with);
    return this;
  }

  Writer arithmetic(Arithmetic operation, Register to, int with) {
    e.arithmetic(operation, OperandSize.BITS64, to, with);
    return this;
  }

  Writer arithmetic32(Arithmetic operation, Register to, Register with) {
    e.arithmetic(operation, OperandSize.BITS32, to, with);
    return this;
  }

  Writer arithmetic32(Arithmetic operation, Register to, int with) {
    e.arithmetic(operation, OperandSize.BITS32, to, with);
    return this;
  }

  Writer add(Register to, Register with) {
    return arithmetic(Arithmetic.ADD, to, with);
  }

  Writer add(Register to, int with) {
    return arithmetic(Arithmetic.ADD, to, with);
  }

  Writer add(Register to, Memory with) {
    return arithmetic(Arithmetic.ADD, to, with);
  }

  Writer subtract(Register to, Register with) {
    return arithmetic(Arithmetic.SUBTRACT, to, with);
  }

  Writer subtract(Register to, int with) {
    return arithmetic(Arithmetic.SUBTRACT, to, with);
  }

  Writer compare(Register a, Register b) {
    return arithmetic(Arithmetic.COMPARE, a, b);
  }

  Writer compare(Register a, int b) {
    return arithmetic(Arithmetic.COMPARE, a, b);
  }

  Writer compare32(Register a, Register b) {
    return arithmetic32(Arithmetic.COMPARE, a, b);
  }

  Writer compare32(Register a, int b) {
    return arithmetic32(Arithmetic.COMPARE, a, b);
  }

  Writer compare32(Register a, Memory b) {
    e.arithmetic(Arithmetic.COMPARE, OperandSize.BITS32, a, b);
    return this;
  }

  Writer compare32(Memory a, int b) {
    e.arithmetic(Arithmetic.COMPARE, OperandSize.BITS32, a, b);
    return this;
  }

  Writer compare8(Memory a, int b) {
    e.arithmetic(Arithmetic.COMPARE, OperandSize.BITS8, a, b);
    return this;
  }

  Writer test(Register register) {
    e.test(OperandSize.BITS64, register, register);
    return this;
  }

  Writer test32(Register register) {
    e.test(OperandSize.BITS32, register, register);
    return this;
  }

  Writer test32(Register register, int bits) {
    e.test(OperandSize.BITS32, register, bits);
    return this;
  }

  Writer multiply(Register to, Memory with) {
    e.multiply(OperandSize.BITS64, to, with);
    return this;
  }

  Writer increment(Register register) {
    e.unary(Unary.INCREMENT, OperandSize.BITS64, register);
    return this;
  }

  Writer decrement(Register register) {
    e.unary(Unary.DECREMENT, OperandSize.BITS64, register);
    return this;
  }

  Writer negate(Register register) {
    e.unary(Unary.NEGATE, OperandSize.BITS64, register);
    return this;
  }

  Writer shiftLeft(Register register, int count) {
    e.shiftLeft(register, count);
    return this;
  }

  Writer shiftRight(Register register, int count) {
    e.shiftRight(register, count);
    return this;
  }

  /** One more, atomically. */
  Writer atomicIncrement(Memory memory) {
    e.lock().unary(Unary.INCREMENT, OperandSize.BITS64, memory);
    return this;
  }

  Writer bind(Label label) {
    e.bind(label);
    return this;
  }

  Writer jump(Label to) {
    e.jump(to);
    return this;
  }

  Writer jumpIf(Condition condition, Label to) {
    e.jumpIf(condition, to);
    return this;
  }

  Writer call(Label to) {
    e.call(to);
    return this;
  }

  Writer ret() {
    e.ret();
    return this;
  }

  Writer push(Register... registers) {
    for (Register register : registers) {
      e.push(register);
    }
    return this;
  }

  /** In the order in which they were pushed. */
  Writer pop(Register... registers) {
    for (int i = registers.length - 1; i >= 0; i--) {
      e.pop(registers[i]);
    }
    return this;
  }

  /** Returns a negative errno. */
  Writer fail(Errno errno) {
    return move(Register.RAX, -errno.value()).ret();
  }

  /** Changes rax, rcx and r11. */
  Writer systemCall(int number) {
    move(Register.RAX, number);
    e.syscall();
    return this;
  }

  /** rax = time stamp counter, not before all loads above are done; changes rdx. */
  Writer timeStamp() {
    bytes(LFENCE).bytes(RDTSC);
    shiftLeft(Register.RDX, 32);
    return arithmetic(Arithmetic.OR, Register.RAX, Register.RDX);
  }

  private Writer bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    e.data(bytes);
    return this;
  }
}
