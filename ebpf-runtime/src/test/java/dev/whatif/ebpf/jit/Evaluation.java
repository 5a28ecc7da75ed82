package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.ByteSwap;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What RFC 9669 says, written down as directly as Java allows: one function, no calls, memory of
 * which r1 is the beginning ({@link #BASE}).
 */
final class Evaluation {

  static final long BASE = 0x10_0000;

  private final long[] r = new long[11];

  /** The address behind the stack. */
  private static final long STACK = 0x20_0000;

  private final ByteBuffer memory;
  private final ByteBuffer stack = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

  private Evaluation(byte[] memory) {
    this.memory = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    r[1] = BASE;
    r[2] = memory.length;
    r[10] = STACK;
  }

  /** r0; memory is changed. */
  static long of(Code code, byte[] memory) {
    Evaluation e = new Evaluation(memory);
    int i = 0;
    while (true) {
      Instruction instruction = code.instructions().get(i);
      if (instruction instanceof Instruction.Exit) {
        return e.r[0];
      }
      boolean jumps = e.execute(instruction);
      i =
          jumps
              ? code.indexAt(instruction.targetFrom(code.slotOf(i)).orElseThrow()).orElseThrow()
              : i + 1;
    }
  }

  private boolean execute(Instruction instruction) {
    switch (instruction) {
      case Instruction.Alu(var w, var operator, var dst, var src) ->
          set(
              w,
              dst,
              w == Width.W64
                  ? alu64(operator, r[dst.number()], value(src))
                  : alu32(operator, (int) r[dst.number()], (int) value(src)));
      case Instruction.Move(var w, var dst, var src) -> set(w, dst, value(src));
      case Instruction.MoveSigned(var w, int bits, var dst, var src) ->
          set(w, dst, value(src) << 64 - bits >> 64 - bits);
      case Instruction.Negate(var w, var dst) -> set(w, dst, -r[dst.number()]);
      case Instruction.SwapBytes(var swap, int bits, var dst) -> {
        long v = r[dst.number()];
        v = swap == ByteSwap.TO_LITTLE ? v : Long.reverseBytes(v) >>> 64 - bits;
        set(Width.W64, dst, bits == 64 ? v : v & (1L << bits) - 1);
      }
      case Instruction.LoadImmediate(var dst, long value) -> set(Width.W64, dst, value);
      case Instruction.Load(var size, boolean signed, var dst, var base, short offset) -> {
        long v = get(size, base, offset);
        set(Width.W64, dst, signed ? v << 64 - size.bits() >> 64 - size.bits() : v);
      }
      case Instruction.Store(var size, var base, short offset, var value) ->
          put(size, base, offset, value(value));
      case Instruction.Atomic(var w, var operator, var base, short offset, var src) ->
          atomic(w, operator, base, offset, src);
      case Instruction.Branch(var w, var condition, var dst, var src, _) -> {
        long a = r[dst.number()];
        long b = value(src);
        return w == Width.W64 ? holds(condition, a, b) : holds(condition, (int) a, (int) b);
      }
      case Instruction.Jump _ -> {
        return true;
      }
      default -> throw new IllegalArgumentException(instruction.toString());
    }
    return false;
  }

  private void atomic(Width w, AtomicOperator operator, Register base, short offset, Register src) {
    MemorySize size = w == Width.W64 ? MemorySize.DOUBLE : MemorySize.WORD;
    long old = get(size, base, offset);
    long s = r[src.number()];
    long result =
        switch (operator) {
          case ADD, FETCH_ADD -> old + s;
          case OR, FETCH_OR -> old | s;
          case AND, FETCH_AND -> old & s;
          case XOR, FETCH_XOR -> old ^ s;
          case EXCHANGE -> s;
          case COMPARE_EXCHANGE ->
              (w == Width.W64 ? r[0] == old : (int) r[0] == (int) old) ? s : old;
        };
    put(size, base, offset, result);
    if (operator == AtomicOperator.COMPARE_EXCHANGE) {
      set(w, Register.R0, old);
    } else if (operator.fetches()) {
      set(w, src, old);
    }
  }

  private static boolean holds(Condition condition, long a, long b) {
    return switch (condition) {
      case EQUAL -> a == b;
      case NOT_EQUAL -> a != b;
      case COMMON_BITS -> (a & b) != 0;
      // the sign extension of 32 bits keeps their unsigned order
      case GREATER -> Long.compareUnsigned(a, b) > 0;
      case GREATER_OR_EQUAL -> Long.compareUnsigned(a, b) >= 0;
      case LESS -> Long.compareUnsigned(a, b) < 0;
      case LESS_OR_EQUAL -> Long.compareUnsigned(a, b) <= 0;
      case SIGNED_GREATER -> a > b;
      case SIGNED_GREATER_OR_EQUAL -> a >= b;
      case SIGNED_LESS -> a < b;
      case SIGNED_LESS_OR_EQUAL -> a <= b;
    };
  }

  private static long alu64(AluOperator operator, long a, long b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? 0 : Long.divideUnsigned(a, b);
      case SIGNED_DIVIDE -> b == 0 ? 0 : a / b;
      case REMAINDER -> b == 0 ? a : Long.remainderUnsigned(a, b);
      case SIGNED_REMAINDER -> b == 0 ? a : a % b;
      case OR -> a | b;
      case AND -> a & b;
      case XOR -> a ^ b;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> a >>> b;
      case SIGNED_SHIFT_RIGHT -> a >> b;
    };
  }

  private static long alu32(AluOperator operator, int a, int b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? 0 : Integer.divideUnsigned(a, b);
      case SIGNED_DIVIDE -> b == 0 ? 0 : a / b;
      case REMAINDER -> b == 0 ? a : Integer.remainderUnsigned(a, b);
      case SIGNED_REMAINDER -> b == 0 ? a : a % b;
      case OR -> a | b;
      case AND -> a & b;
      case XOR -> a ^ b;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> a >>> b;
      case SIGNED_SHIFT_RIGHT -> a >> b;
    };
  }

  private long value(Operand operand) {
    return switch (operand) {
      case Register register -> r[register.number()];
      case Immediate(int value) -> value;
    };
  }

  private void set(Width w, Register dst, long value) {
    r[dst.number()] = w == Width.W64 ? value : value & 0xffff_ffffL;
  }

  private long get(MemorySize size, Register base, short offset) {
    long address = r[base.number()] + offset;
    ByteBuffer memory = memoryAt(address);
    int at = placeOf(address);
    return switch (size) {
      case BYTE -> memory.get(at) & 0xffL;
      case HALF -> memory.getShort(at) & 0xffffL;
      case WORD -> memory.getInt(at) & 0xffff_ffffL;
      case DOUBLE -> memory.getLong(at);
    };
  }

  private void put(MemorySize size, Register base, short offset, long value) {
    long address = r[base.number()] + offset;
    ByteBuffer memory = memoryAt(address);
    int at = placeOf(address);
    switch (size) {
      case BYTE -> memory.put(at, (byte) value);
      case HALF -> memory.putShort(at, (short) value);
      case WORD -> memory.putInt(at, (int) value);
      case DOUBLE -> memory.putLong(at, value);
    }
  }

  private ByteBuffer memoryAt(long address) {
    return address >= STACK - stack.capacity() ? stack : memory;
  }

  private int placeOf(long address) {
    long first = memoryAt(address) == stack ? STACK - stack.capacity() : BASE;
    return Math.toIntExact(address - first);
  }
}
