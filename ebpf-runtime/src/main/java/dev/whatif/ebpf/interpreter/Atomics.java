package dev.whatif.ebpf.interpreter;

import static dev.whatif.ebpf.interpreter.CheckedMemory.ALL;

import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Width;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Atomic changes of memory that other threads and processes see, too (RFC 9669 section 5.3). */
final class Atomics {

  private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle DOUBLE = ValueLayout.JAVA_LONG.varHandle();

  private Atomics() {}

  static void perform(Instruction instruction, long[] r, CheckedMemory memory, int index) {
    Instruction.Atomic atomic = (Instruction.Atomic) instruction;
    int bytes = atomic.width() == Width.W64 ? Long.BYTES : Integer.BYTES;
    long address = r[atomic.base().number()] + atomic.offset();
    memory.writable(address, bytes, index);
    if ((address & bytes - 1) != 0) {
      throw memory.unaligned(address, bytes, index);
    }
    int src = atomic.src().number();
    long old =
        atomic.width() == Width.W64
            ? change(atomic.operator(), address, r[src], r[0])
            : Integer.toUnsignedLong(
                change32(atomic.operator(), address, (int) r[src], (int) r[0]));
    if (atomic.operator() == AtomicOperator.COMPARE_EXCHANGE) {
      r[0] = old;
    } else if (atomic.operator().fetches()) {
      r[src] = old;
    }
  }

  private static long change(AtomicOperator operator, long address, long value, long expected) {
    return switch (operator) {
      case ADD, FETCH_ADD -> (long) DOUBLE.getAndAdd(ALL, address, value);
      case OR, FETCH_OR -> (long) DOUBLE.getAndBitwiseOr(ALL, address, value);
      case AND, FETCH_AND -> (long) DOUBLE.getAndBitwiseAnd(ALL, address, value);
      case XOR, FETCH_XOR -> (long) DOUBLE.getAndBitwiseXor(ALL, address, value);
      case EXCHANGE -> (long) DOUBLE.getAndSet(ALL, address, value);
      case COMPARE_EXCHANGE -> (long) DOUBLE.compareAndExchange(ALL, address, expected, value);
    };
  }

  private static int change32(AtomicOperator operator, long address, int value, int expected) {
    return switch (operator) {
      case ADD, FETCH_ADD -> (int) WORD.getAndAdd(ALL, address, value);
      case OR, FETCH_OR -> (int) WORD.getAndBitwiseOr(ALL, address, value);
      case AND, FETCH_AND -> (int) WORD.getAndBitwiseAnd(ALL, address, value);
      case XOR, FETCH_XOR -> (int) WORD.getAndBitwiseXor(ALL, address, value);
      case EXCHANGE -> (int) WORD.getAndSet(ALL, address, value);
      case COMPARE_EXCHANGE -> (int) WORD.compareAndExchange(ALL, address, expected, value);
    };
  }
}
