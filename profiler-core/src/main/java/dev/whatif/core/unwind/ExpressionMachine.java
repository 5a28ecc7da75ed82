package dev.whatif.core.unwind;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Evaluates DWARF expressions as they occur in call frame information (DWARF 5, section 2.5).
 *
 * <p>Bounded steps and stack; no allocation. Confined to one thread.
 */
final class ExpressionMachine {

  /** How an evaluation ended. */
  enum Outcome {
    DONE,
    /** It read memory that was not captured. */
    NOT_CAPTURED,
    /** It needs a register whose value is lost. */
    REGISTER_LOST,
    /** It is damaged, runs too long or uses an operation that has no meaning here. */
    DAMAGED
  }

  private static final int MAX_STEPS = 1000;
  private static final int DEPTH = 64;

  private final long[] stack = new long[DEPTH + 1];
  private int top;
  private MemorySegment code = MemorySegment.NULL;
  private long at;
  private long end;
  private Outcome outcome = Outcome.DONE;

  /** The result, after {@link Outcome#DONE}. */
  long result() {
    return stack[top - 1];
  }

  /**
   * Runs an expression.
   *
   * @param initial what lies on the stack at the begin: the CFA, for rules of registers
   * @param bias what to add to an address of the file
   */
  Outcome run(
      UnwindTable table,
      int expression,
      boolean hasInitial,
      long initial,
      long bias,
      Registers registers,
      StackMemory memory) {
    code = table.raw();
    long begin = table.expressionBegin(expression);
    at = begin;
    end = begin + table.expressionLength(expression);
    top = 0;
    outcome = Outcome.DONE;
    if (hasInitial) {
      push(initial);
    }
    for (int steps = 0; at < end; steps++) {
      if (steps == MAX_STEPS) {
        return Outcome.DAMAGED;
      }
      step(begin, bias, registers, memory);
      if (outcome != Outcome.DONE) {
        return outcome;
      }
    }
    return top > 0 ? Outcome.DONE : Outcome.DAMAGED;
  }

  private void step(long begin, long bias, Registers registers, StackMemory memory) {
    int op = u8();
    if (op >= 0x30 && op <= 0x4f) { // lit0-31
      push(op - 0x30);
    } else if (op >= 0x50 && op <= 0x6f) { // reg0-31 used as a value
      register(registers, op - 0x50, 0);
    } else if (op >= 0x70 && op <= 0x8f) { // breg0-31
      register(registers, op - 0x70, sleb());
    } else {
      switch (op) {
        case 0x03 -> push(unsigned(8) + bias); // addr
        case 0x06 -> dereference(memory, 8);
        case 0x94 -> dereference(memory, u8()); // deref_size
        case 0x08 -> push(unsigned(1));
        case 0x09 -> push((byte) unsigned(1));
        case 0x0a -> push(unsigned(2));
        case 0x0b -> push((short) unsigned(2));
        case 0x0c -> push(unsigned(4));
        case 0x0d -> push(unsigned(4) << 32 >> 32);
        case 0x0e, 0x0f -> push(unsigned(8));
        case 0x10 -> push(uleb());
        case 0x11 -> push(sleb());
        case 0x12 -> pick(0);
        case 0x13 -> pop();
        case 0x14 -> pick(1);
        case 0x15 -> pick(u8());
        case 0x16 -> swap();
        case 0x17 -> rotate();
        case 0x19 -> push(Math.abs(pop()));
        case 0x1f -> push(-pop());
        case 0x20 -> push(~pop());
        case 0x23 -> push(pop() + uleb());
        case 0x28 -> branch(begin, pop() != 0);
        case 0x2f -> branch(begin, true);
        case 0x92 -> { // bregx
          long number = uleb();
          register(registers, number, sleb());
        }
        case 0x96 -> {
          // nop
        }
        default -> binary(op);
      }
    }
  }

  private void binary(int op) {
    long b = pop();
    long a = pop();
    if (outcome != Outcome.DONE) {
      return;
    }
    if ((op == 0x1b || op == 0x1d) && b == 0) {
      outcome = Outcome.DAMAGED;
      return;
    }
    switch (op) {
      case 0x1a -> push(a & b);
      case 0x1b -> push(a / b);
      case 0x1c -> push(a - b);
      case 0x1d -> push(Long.remainderUnsigned(a, b));
      case 0x1e -> push(a * b);
      case 0x21 -> push(a | b);
      case 0x22 -> push(a + b);
      case 0x24 -> push(Long.compareUnsigned(b, 64) < 0 ? a << b : 0);
      case 0x25 -> push(Long.compareUnsigned(b, 64) < 0 ? a >>> b : 0);
      case 0x26 -> push(a >> (Long.compareUnsigned(b, 64) < 0 ? b : 63));
      case 0x27 -> push(a ^ b);
      case 0x29 -> push(a == b ? 1 : 0);
      case 0x2a -> push(a >= b ? 1 : 0);
      case 0x2b -> push(a > b ? 1 : 0);
      case 0x2c -> push(a <= b ? 1 : 0);
      case 0x2d -> push(a < b ? 1 : 0);
      case 0x2e -> push(a != b ? 1 : 0);
      default -> outcome = Outcome.DAMAGED;
    }
  }

  private void register(Registers registers, long number, long offset) {
    if (number < 0 || number >= Registers.COUNT) {
      outcome = Outcome.DAMAGED;
    } else if (!registers.isKnown((int) number)) {
      outcome = Outcome.REGISTER_LOST;
    } else {
      push(registers.get((int) number) + offset);
    }
  }

  private void dereference(StackMemory memory, int size) {
    if (size < 1 || size > 8) {
      outcome = Outcome.DAMAGED;
      return;
    }
    long address = pop();
    if (outcome != Outcome.DONE) {
      return;
    }
    if (!memory.read(address, stack, top)) {
      outcome = Outcome.NOT_CAPTURED;
      return;
    }
    if (size < 8) {
      stack[top] &= (1L << (size * 8)) - 1;
    }
    top++;
  }

  private void branch(long begin, boolean taken) {
    long distance = (short) unsigned(2);
    if (taken && outcome == Outcome.DONE) {
      at += distance;
      if (at < begin || at > end) {
        outcome = Outcome.DAMAGED;
      }
    }
  }

  private void pick(int depth) {
    if (depth >= top) {
      outcome = Outcome.DAMAGED;
    } else {
      push(stack[top - 1 - depth]);
    }
  }

  private void swap() {
    long a = pop();
    long b = pop();
    push(a);
    push(b);
  }

  /** The third becomes the first (DWARF 5, 2.5.1.3): a b c, c on top, becomes c a b. */
  private void rotate() {
    long first = pop();
    long second = pop();
    long third = pop();
    push(first);
    push(third);
    push(second);
  }

  private void push(long value) {
    if (top == DEPTH) {
      outcome = Outcome.DAMAGED;
    } else {
      stack[top++] = value;
    }
  }

  private long pop() {
    if (top == 0) {
      outcome = Outcome.DAMAGED;
      return 0;
    }
    return stack[--top];
  }

  private int u8() {
    if (at >= end) {
      outcome = Outcome.DAMAGED;
      return 0;
    }
    return code.get(ValueLayout.JAVA_BYTE, at++) & 0xff;
  }

  private long unsigned(int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) u8() << (i * 8);
    }
    return value;
  }

  private long uleb() {
    return leb(false);
  }

  private long sleb() {
    return leb(true);
  }

  private long leb(boolean signed) {
    long value = 0;
    int shift = 0;
    int b;
    do {
      b = u8();
      if (shift < Long.SIZE) {
        value |= (long) (b & 0x7f) << shift;
      }
      shift += 7;
    } while ((b & 0x80) != 0);
    boolean negative = signed && (b & 0x40) != 0 && shift < Long.SIZE;
    return negative ? value | (-1L << shift) : value;
  }
}
