package dev.whatif.core.unwind;

import dev.whatif.core.process.AddressSpace;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caller's frame where no call frame information covers the code: generated code, Go,
 * musl's signal trampoline, hand-written assembly, a jump through a null pointer.
 *
 * <p>Nothing is taken on faith: a return address must lie in executable memory behind a call
 * instruction (where the code can be read). Confined to one thread.
 */
final class FrameGuess {

  /** A direct call this far before the leaf's pc is taken for the call of its function. */
  private static final long FUNCTION_BYTES = 1 << 16;

  /** The largest frame that a frame pointer is believed to span. */
  private static final long FRAME_BYTES = 1 << 20;

  /**
   * Where {@code __restore_rt} finds the interrupted registers above its rsp: {@code struct
   * ucontext} with {@code struct sigcontext} at 40 (arch/x86/include/uapi/asm/sigcontext.h).
   */
  private static final int CONTEXT_OFFSET = 40;

  /** DWARF numbers in the order of {@code struct sigcontext}. */
  private static final byte[] CONTEXT_ORDER = {
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    Registers.RDI,
    Registers.RSI,
    Registers.RBP,
    Registers.RBX,
    Registers.RDX,
    Registers.RAX,
    Registers.RCX,
    Registers.RSP,
    Registers.RIP
  };

  private final CodeBytes code = new CodeBytes();
  private final long[] word = new long[2];
  private boolean signalFrame;

  /** Whether the last step found the frame that a signal interrupted: that is no guess. */
  boolean foundSignalFrame() {
    return signalFrame;
  }

  /**
   * Finds the caller of {@code current}.
   *
   * @param mapped whether the pc lies in executable memory
   * @param exact whether the pc is that of an instruction that was interrupted
   * @param next filled with the caller's registers
   * @return null when it was found, else why not
   */
  @Nullable UnwindEnd step(
      AddressSpace space,
      boolean mapped,
      Registers current,
      Registers next,
      boolean exact,
      StackMemory stack) {
    signalFrame = false;
    next.copyFrom(current);
    long pc = current.get(Registers.RIP);
    int pid = space.pid();
    if (mapped && code.signalReturn(pid, pc)) {
      signalFrame = true;
      return interrupted(current, next, stack);
    }
    if (!exact) {
      return framePointer(space, current, next, stack);
    }
    long sp = current.get(Registers.RSP);
    boolean readable = stack.read(sp, word, 0);
    long top = readable ? word[0] : 0;
    CodeBytes.Before before = readable ? before(space, top) : CodeBytes.Before.NO_CALL;
    if (isCallOf(pid, before, pc, mapped)) {
      take(next, top, sp + Long.BYTES);
      return null;
    }
    UnwindEnd end = framePointer(space, current, next, stack);
    if (end == null) {
      return null;
    }
    if (before != CodeBytes.Before.NO_CALL) {
      next.copyFrom(current);
      take(next, top, sp + Long.BYTES);
      return null;
    }
    return readable ? end : UnwindEnd.STACK_NOT_CAPTURED;
  }

  /** What makes a word a return address, NO_CALL when it is none. */
  private CodeBytes.Before before(AddressSpace space, long address) {
    if (space.find(address - 1) == null) {
      return CodeBytes.Before.NO_CALL;
    }
    CodeBytes.Before before = code.before(space.pid(), address);
    if (before == CodeBytes.Before.NO_CALL && code.signalReturn(space.pid(), address)) {
      // Nobody calls a signal handler: the kernel pushes the address of the trampoline.
      return CodeBytes.Before.UNKNOWN;
    }
    return before;
  }

  void close() {
    code.close();
  }

  /** Whether the instruction before the address on top of the stack has called the leaf. */
  private boolean isCallOf(int pid, CodeBytes.Before before, long pc, boolean mapped) {
    return switch (before) {
      case DIRECT_CALL -> {
        long into = pc - code.callTarget();
        yield !mapped || (into >= 0 && into < FUNCTION_BYTES) || code.indirectJump(pid, pc);
      }
      case INDIRECT_CALL -> !mapped || code.indirectJump(pid, pc);
      case NO_CALL, UNKNOWN -> false;
    };
  }

  private @Nullable UnwindEnd framePointer(
      AddressSpace space, Registers current, Registers next, StackMemory stack) {
    if (!current.isKnown(Registers.RBP)) {
      return UnwindEnd.NO_TABLE;
    }
    long fp = current.get(Registers.RBP);
    if (fp == 0) {
      // x86-64 psABI, 3.4.1: the deepest frame is marked by a zero frame pointer.
      return UnwindEnd.BOTTOM;
    }
    long above = fp - current.get(Registers.RSP);
    if ((fp & 7) != 0 || above < 0 || above > FRAME_BYTES) {
      return UnwindEnd.NO_TABLE;
    }
    if (!stack.read(fp, word, 0) || !stack.read(fp + Long.BYTES, word, 1)) {
      return UnwindEnd.STACK_NOT_CAPTURED;
    }
    long returnAddress = word[1];
    if (returnAddress == 0) {
      return UnwindEnd.BOTTOM;
    }
    if (before(space, returnAddress) == CodeBytes.Before.NO_CALL) {
      return UnwindEnd.NO_TABLE;
    }
    take(next, returnAddress, fp + 2 * Long.BYTES);
    next.set(Registers.RBP, word[0]);
    return null;
  }

  private static void take(Registers next, long returnAddress, long sp) {
    next.set(Registers.RIP, returnAddress);
    next.set(Registers.RSP, sp);
  }

  private @Nullable UnwindEnd interrupted(Registers current, Registers next, StackMemory stack) {
    long context = current.get(Registers.RSP) + CONTEXT_OFFSET;
    for (int i = 0; i < CONTEXT_ORDER.length; i++) {
      if (!stack.read(context + (long) i * Long.BYTES, word, 0)) {
        return UnwindEnd.STACK_NOT_CAPTURED;
      }
      next.set(CONTEXT_ORDER[i], word[0]);
    }
    return null;
  }
}
