package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R12;
import static dev.whatif.core.x86.Register.R13;
import static dev.whatif.core.x86.Register.R14;
import static dev.whatif.core.x86.Register.R15;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.RBP;
import static dev.whatif.core.x86.Register.RBX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.core.x86.Register.RSP;

import dev.whatif.core.linux.FunctionPointer;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.jit.RunnableCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Helpers called from Java as a program calls them. Each call checks that the registers which
 * belong to the program are as they were, and that the bytes on the stack above are. One thread.
 */
final class CalledHelper implements AutoCloseable {

  private static final Register[] ARGUMENTS = {RDI, RSI, RDX, RCX, R8};
  private static final Register[] KEPT = {RBX, RBP, R12, R13, R14, R15};

  /** What the thunk reads and writes: 8 bytes each. */
  private static final int ROUTINE = 0;

  private static final int ARGUMENT = 8;
  private static final int BEFORE = 48;
  private static final int AFTER = 96;
  private static final int STACK_BEFORE = 144;
  private static final int STACK_AFTER = 152;
  private static final int BYTES = 160;
  private static final long NONSENSE = 0xdead_beef_dead_beefL;

  /** Never unmapped. */
  private static final RunnableCode THUNK = RunnableCode.of(Emitter.shortest(0, e -> thunk(e)));

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment block = arena.allocate(BYTES, 8);
  final Invocation invocation;
  private final PlacedHelpers helpers;

  CalledHelper(PlacedHelpers helpers, int slot) {
    this.helpers = helpers;
    this.invocation = new Invocation(helpers, slot);
  }

  private static void thunk(Emitter e) {
    for (Register r : KEPT) {
      e.push(r);
    }
    e.push(RDI).move(R10, RDI).store(OperandSize.BITS64, Memory.at(R10, STACK_BEFORE), RSP);
    for (int i = 0; i < ARGUMENTS.length; i++) {
      e.load(ARGUMENTS[i], R10, ARGUMENT + 8 * i);
    }
    for (int i = 0; i < KEPT.length; i++) {
      e.load(KEPT[i], R10, BEFORE + 8 * i);
    }
    e.load(R10, R10, ROUTINE).call(R10);
    e.load(R10, RSP, 0).store(OperandSize.BITS64, Memory.at(R10, STACK_AFTER), RSP);
    for (int i = 0; i < KEPT.length; i++) {
      e.store(OperandSize.BITS64, Memory.at(R10, AFTER + 8 * i), KEPT[i]);
    }
    e.pop(R10);
    for (int i = KEPT.length - 1; i >= 0; i--) {
      e.pop(KEPT[i]);
    }
    e.ret();
  }

  /** Calls a helper with up to five arguments; the others are nonsense. */
  long call(HelperFunction helper, long... arguments) {
    set(ROUTINE, helpers.address(helper));
    for (int i = 0; i < ARGUMENTS.length; i++) {
      set(ARGUMENT + 8 * i, i < arguments.length ? arguments[i] : NONSENSE);
    }
    for (int i = 0; i < KEPT.length; i++) {
      set(BEFORE + 8 * i, KEPT[i] == R12 ? invocation.block().address() : NONSENSE + i);
    }
    long result = FunctionPointer.call(THUNK.address(), block.address(), 0, 0);
    for (int i = 0; i < KEPT.length; i++) {
      same(helper, KEPT[i], get(BEFORE + 8 * i), get(AFTER + 8 * i));
    }
    same(helper, RSP, get(STACK_BEFORE), get(STACK_AFTER));
    return result;
  }

  private static void same(HelperFunction helper, Register register, long before, long after) {
    if (before != after) {
      throw new AssertionError(
          "%s changes %s from %x to %x".formatted(helper, register, before, after));
    }
  }

  private void set(int at, long value) {
    block.set(ValueLayout.JAVA_LONG, at, value);
  }

  private long get(int at) {
    return block.get(ValueLayout.JAVA_LONG, at);
  }

  @Override
  public void close() {
    invocation.close();
    arena.close();
  }
}
