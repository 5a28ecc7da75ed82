package dev.whatif.ebpf.conformance;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Shift;
import dev.whatif.core.x86.Unary;
import dev.whatif.ebpf.jit.Literal;
import dev.whatif.ebpf.jit.RunnableCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** {@link SuiteHelpers} as machine code, placed in this process for good. */
public final class SuiteRoutines {

  private static final Map<Integer, RunnableCode> PLACED = new ConcurrentHashMap<>();

  private SuiteRoutines() {}

  /** The address of what a literal names: a helper. */
  public static long address(Literal.Target target) {
    if (!(target instanceof Literal.Helper(int id))) {
      throw new IllegalArgumentException("no " + target);
    }
    return PLACED
        .computeIfAbsent(id, i -> RunnableCode.of(Emitter.shortest(0, routine(i))))
        .address();
  }

  private static Consumer<Emitter> routine(int id) {
    return switch (id) {
      case 0 -> SuiteRoutines::gatherBytes;
      case 1 -> SuiteRoutines::memfrob;
      case 2 -> SuiteRoutines::trashRegisters;
      case 3 -> SuiteRoutines::squareRoot;
      case 4 -> SuiteRoutines::strcmp;
      case 5 -> e -> e.move(Register.RAX, Register.RDI).ret();
      default -> throw new IllegalArgumentException("the suite has no helper " + id);
    };
  }

  /** {@code a << 32 | b << 24 | c << 16 | d << 8 | e}. */
  private static void gatherBytes(Emitter e) {
    e.moveZeroExtended(OperandSize.BITS8, Register.RAX, Register.RDI);
    for (Register r : new Register[] {Register.RSI, Register.RDX, Register.RCX, Register.R8}) {
      e.shift(Shift.LEFT, OperandSize.BITS64, Register.RAX, 8);
      e.moveZeroExtended(OperandSize.BITS8, Register.R9, r);
      e.arithmetic(Arithmetic.OR, OperandSize.BITS64, Register.RAX, Register.R9);
    }
    e.ret();
  }

  private static void memfrob(Emitter e) {
    Label again = new Label();
    Label end = new Label();
    e.move(Register.RAX, Register.RDI).bind(again);
    e.test(OperandSize.BITS64, Register.RSI, Register.RSI).jumpIf(Condition.EQUAL, end);
    e.unary(Unary.DECREMENT, OperandSize.BITS64, Register.RSI);
    Memory last = Memory.at(Register.RDI, Register.RSI, 1, 0);
    e.arithmetic(Arithmetic.XOR, OperandSize.BITS8, last, 42).jump(again);
    e.bind(end).ret();
  }

  private static void trashRegisters(Emitter e) {
    for (Register r : Register.values()) {
      switch (r) {
        case RCX, RDX, RSI, RDI, R8, R9, R10, R11 ->
            e.move(r, 0xf1f2_f3f4_f5f6_f700L + r.ordinal());
        default -> {
          // belongs to the caller
        }
      }
    }
    e.move(Register.RAX, 0).ret();
  }

  private static void squareRoot(Emitter e) {
    Label again = new Label();
    Label end = new Label();
    e.move(Register.RAX, 0).bind(again);
    e.loadAddress(Register.RCX, Register.RAX, 1)
        .multiply(OperandSize.BITS64, Register.RCX, Register.RCX);
    e.arithmetic(Arithmetic.COMPARE, OperandSize.BITS64, Register.RCX, Register.RDI);
    e.jumpIf(Condition.ABOVE, end).unary(Unary.INCREMENT, OperandSize.BITS64, Register.RAX);
    e.jump(again).bind(end).ret();
  }

  private static void strcmp(Emitter e) {
    Label again = new Label();
    Label end = new Label();
    e.bind(again).load(OperandSize.BITS8, Register.RAX, Memory.at(Register.RDI, 0));
    e.load(OperandSize.BITS8, Register.RCX, Memory.at(Register.RSI, 0));
    e.arithmetic(Arithmetic.COMPARE, OperandSize.BITS32, Register.RAX, Register.RCX);
    e.jumpIf(Condition.NOT_EQUAL, end);
    e.test(OperandSize.BITS32, Register.RAX, Register.RAX).jumpIf(Condition.EQUAL, end);
    e.unary(Unary.INCREMENT, OperandSize.BITS64, Register.RDI);
    e.unary(Unary.INCREMENT, OperandSize.BITS64, Register.RSI).jump(again);
    e.bind(end)
        .arithmetic(Arithmetic.SUBTRACT, OperandSize.BITS64, Register.RAX, Register.RCX)
        .ret();
  }
}
