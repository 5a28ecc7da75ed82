package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.isa.Instruction;
import java.util.ArrayList;
import java.util.List;

/**
 * What a function keeps on the machine's stack: registers of its caller that it changes, and the
 * memory below r10, of each only what it needs.
 *
 * <pre>
 *   return address
 *   rbp of the caller       when there is a stack; rbp = r10 points here
 *   stack, 8 to 512 bytes
 *   rbx, r13, r14, r15      those of r6 to r9 that the function writes; r12 of an entry
 * </pre>
 */
final class Frame {

  /** BPF's stack, kernel: MAX_BPF_STACK in include/linux/filter.h. */
  static final int STACK_BYTES = 512;

  private static final int FIRST_SAVED = 6;
  private static final int LAST_SAVED = 9;
  private static final int FRAME_POINTER = Effects.bit(dev.whatif.ebpf.isa.Register.R10);

  private final boolean usesStack;
  private final int stackBytes;
  private final List<Register> saved;

  private Frame(boolean usesStack, int stackBytes, List<Register> saved) {
    this.usesStack = usesStack;
    this.stackBytes = stackBytes;
    this.saved = saved;
  }

  /**
   * The frame of a function.
   *
   * @param savesInvocation whether it is called from outside, and needs the invocation block
   * @param slots what of the stack is in registers
   */
  static Frame of(Flow flow, boolean savesInvocation, SlotRegisters slots) {
    boolean usesStack = false;
    int bytes = 0;
    int written = 0;
    for (int i = flow.first(); i < flow.end(); i++) {
      Instruction instruction = flow.at(i);
      written |= Effects.writes(instruction);
      if (usesStack(instruction) && !isInRegister(instruction, slots)) {
        usesStack = true;
        bytes = Math.max(bytes, reach(instruction));
      }
    }
    List<Register> saved = new ArrayList<>();
    if (savesInvocation || slots.takes(Registers.INVOCATION)) {
      saved.add(Registers.INVOCATION);
    }
    for (int i = FIRST_SAVED; i <= LAST_SAVED; i++) {
      if ((written >> i & 1) != 0) {
        saved.add(Registers.of(dev.whatif.ebpf.isa.Register.of(i)));
      }
    }
    return new Frame(usesStack, bytes + 7 & -8, List.copyOf(saved));
  }

  /** Whether an instruction needs the frame pointer. */
  static boolean usesStack(Instruction instruction) {
    return ((Effects.reads(instruction) | Effects.writes(instruction)) & FRAME_POINTER) != 0;
  }

  private static boolean isInRegister(Instruction instruction, SlotRegisters slots) {
    return switch (instruction) {
      case Instruction.Load(var size, _, _, var base, short offset) ->
          slots.at(base, offset, size) != null;
      case Instruction.Store(var size, var base, short offset, _) ->
          slots.at(base, offset, size) != null;
      default -> false;
    };
  }

  /** How far below r10 an instruction may lead: exactly when it touches memory there itself. */
  private static int reach(Instruction instruction) {
    var frame = dev.whatif.ebpf.isa.Register.R10;
    return switch (instruction) {
      case Instruction.Load(_, _, _, var base, short offset) when base == frame -> -offset;
      case Instruction.Store(_, var base, short offset, var value)
          when base == frame && value != frame ->
          -offset;
      default -> STACK_BYTES;
    };
  }

  void enter(Emitter e) {
    if (usesStack) {
      e.push(Register.RBP).move(Register.RBP, Register.RSP);
      if (stackBytes > 0) {
        e.arithmetic(Arithmetic.SUBTRACT, OperandSize.BITS64, Register.RSP, stackBytes);
      }
    }
    saved.forEach(e::push);
  }

  /** Leaves everything as it was before {@link #enter}. */
  void leave(Emitter e) {
    saved.reversed().forEach(e::pop);
    if (usesStack) {
      if (stackBytes > 0) {
        e.leave();
      } else {
        e.pop(Register.RBP);
      }
    }
  }
}
