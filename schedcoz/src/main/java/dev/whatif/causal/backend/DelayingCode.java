package dev.whatif.causal.backend;

import dev.whatif.causal.account.PauseTable;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.attach.SignalHandlerCode;

/**
 * The handler that sleeps until the time that the kernel's program has written for the thread that
 * it interrupted. It finds its entry by the interrupted stack pointer, and believes it only if
 * stack pointer and instruction are its own; else it returns at once.
 *
 * @param table where entries lie in it
 * @param address of the table in the target
 */
record DelayingCode(PauseTable table, long address) implements SignalHandlerCode {

  /** Offsets in {@code ucontext_t} (arch/x86/include/uapi/asm/{ucontext,sigcontext}.h). */
  private static final int STACK_POINTER = 160;

  private static final int INSTRUCTION = 168;

  private static final int CLOCK_NANOSLEEP = 230;
  private static final int CLOCK_MONOTONIC = 1;
  private static final int TIMER_ABSTIME = 1;
  private static final int EINTR = 4;

  @Override
  public long dataBytes() {
    return Long.BYTES;
  }

  @Override
  public void emit(Emitter code, long data) {
    Label out = new Label();
    Label again = new Label();
    code.load(Register.RCX, Register.RDX, STACK_POINTER);
    code.load(Register.R8, Register.RDX, INSTRUCTION);
    // entry = table + (sp / 16 mod entries) * entryBytes
    code.move(Register.R9, Register.RCX);
    code.shiftRight(Register.R9, Integer.numberOfTrailingZeros(PauseTable.STACK_ALIGNMENT));
    code.and(Register.R9, table.entries() - 1);
    code.shiftLeft(Register.R9, Integer.numberOfTrailingZeros(table.entryBytes()));
    code.move(Register.R11, address); // the whole address: the table may lie anywhere
    code.add(Register.R9, Register.R11);
    code.compare(Register.RCX, Register.R9, table.stackPointerOffset());
    code.jumpIf(Condition.NOT_EQUAL, out);
    code.compare(Register.R8, Register.R9, table.instructionOffset());
    code.jumpIf(Condition.NOT_EQUAL, out);
    code.compare32(Register.R9, table.progressOffset(), PauseTable.ARMED);
    code.jumpIf(Condition.NOT_EQUAL, out);
    code.store32(Register.R9, table.progressOffset(), PauseTable.SLEEPING);
    code.bind(again);
    code.move(Register.RAX, CLOCK_NANOSLEEP);
    code.move(Register.RDI, CLOCK_MONOTONIC);
    code.move(Register.RSI, TIMER_ABSTIME);
    code.loadAddress(Register.RDX, Register.R9, table.deadlineOffset());
    code.move(Register.R10, 0);
    code.syscall();
    // every signal is blocked; only a stop by a tracer could end it early
    code.compare(Register.RAX, -EINTR).jumpIf(Condition.EQUAL, again);
    code.store32(Register.R9, table.progressOffset(), PauseTable.SLEPT);
    code.bind(out);
    code.ret();
  }
}
