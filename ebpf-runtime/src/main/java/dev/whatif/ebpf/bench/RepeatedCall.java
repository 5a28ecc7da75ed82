package dev.whatif.ebpf.bench;

import dev.whatif.core.linux.FunctionPointer;
import dev.whatif.core.linux.Time;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Unary;
import dev.whatif.ebpf.jit.RunnableCode;
import java.lang.foreign.MemorySegment;

/** Machine code that calls a function often, so that the way from Java to it does not count. */
final class RepeatedCall implements AutoCloseable {

  private static final Register[] SAVED = {
    Register.RBX, Register.RBP, Register.R12, Register.R13, Register.R14
  };

  private final RunnableCode loop = RunnableCode.of(Emitter.shortest(0, RepeatedCall::loop));
  private final RunnableCode empty =
      RunnableCode.of(new Emitter(0).move(Register.RAX, 0).ret().bytes());

  private static void loop(Emitter e) {
    for (Register register : SAVED) {
      e.push(register); // an odd number: the stack is aligned for calls
    }
    Label again = new Label();
    e.move(Register.RBX, Register.RDI).move(Register.RBP, Register.RSI);
    e.move(Register.R12, Register.RDX).move(Register.R13, Register.RCX);
    e.move(Register.R14, Register.R8).bind(again);
    e.move(Register.RDI, Register.RBP).move(Register.RSI, Register.R12);
    e.move(Register.RDX, Register.R13).call(Register.RBX);
    e.unary(Unary.DECREMENT, OperandSize.BITS64, Register.R14);
    e.jumpIf(Condition.NOT_EQUAL, again);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      e.pop(SAVED[i]);
    }
    e.ret();
  }

  /** Calls a function with three arguments; what it returned last. */
  long call(long function, MemorySegment first, long second, MemorySegment third, int times) {
    return FunctionPointer.call(
        loop.address(), function, first.address(), second, third.address(), times);
  }

  /** Nanoseconds of one of so many calls, of this thread's own time: others may want the CPU. */
  double nanos(long function, MemorySegment first, long second, MemorySegment third, int times) {
    long begin = Time.clockNanos(Time.CLOCK_THREAD_CPUTIME_ID);
    call(function, first, second, third, times);
    return (double) (Time.clockNanos(Time.CLOCK_THREAD_CPUTIME_ID) - begin) / times;
  }

  /** Nanoseconds of one of so many calls of a function that only returns. */
  double emptyNanos(int times) {
    return nanos(empty.address(), MemorySegment.NULL, 0, MemorySegment.NULL, times);
  }

  @Override
  public void close() {
    loop.close();
    empty.close();
  }
}
