package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Unary;
import dev.whatif.ebpf.isa.Instruction;
import java.util.OptionalInt;

/**
 * Compiles calls and returns. Here is the place to put a helper's code in line: what {@link
 * #helper} emits in place of the call may change the same registers, and has the arguments in them.
 */
final class CallCode {

  /** BPF_FUNC_tail_call of include/uapi/linux/bpf.h: with a signature of its own, no return. */
  static final int TAIL_CALL = 12;

  private static final Register CONTEXT = Registers.of(dev.whatif.ebpf.isa.Register.R1);

  private final Output out;
  private final Emitter e;
  private final Values values;
  private final Frame frame;

  CallCode(Output out, Values values, Frame frame) {
    this.out = out;
    this.e = out.e;
    this.values = values;
    this.frame = frame;
  }

  /** Whether an instruction leads to code that wants to know the invocation. */
  static boolean needsInvocation(Instruction instruction) {
    return instruction instanceof Instruction.CallHelper
        || instruction instanceof Instruction.CallRegister;
  }

  /** Calls a helper; nothing may be deferred. */
  void helper(int id) {
    if (id == TAIL_CALL) {
      tailCall();
    } else {
      e.callThrough(out.literal(new Literal.Helper(id)));
    }
  }

  /** Calls a function of the program; nothing may be deferred. */
  void local(Label function) {
    e.call(function);
  }

  /**
   * Calls what a register tells: the address of a function, or, where a constant is in it, the
   * helper of that number (so the conformance suite uses it).
   *
   * @param known the constant; everything else may not be deferred
   */
  void register(dev.whatif.ebpf.isa.Register target, OptionalInt known) {
    if (known.isPresent()) {
      helper(known.getAsInt());
    } else {
      e.call(Registers.of(target));
    }
  }

  /** Returns r0, which may not be deferred. */
  void exit() {
    frame.leave(e);
    e.ret();
  }

  /**
   * Goes on in another program, in place of this function: the other one returns to this one's
   * caller. Where there is no other program, or too many have followed each other, r0 is negative
   * and the next instruction follows.
   */
  private void tailCall() {
    Label failed = new Label();
    Memory count = Memory.at(Registers.INVOCATION, InvocationLayout.TAIL_CALLS_OFFSET);
    e.arithmetic(Arithmetic.COMPARE, OperandSize.BITS32, count, InvocationLayout.MOST_TAIL_CALLS);
    e.jumpIf(Condition.ABOVE_OR_EQUAL, failed);
    e.push(CONTEXT).callThrough(out.literal(new Literal.TailCall())).pop(CONTEXT);
    e.test(OperandSize.BITS64, Register.RAX, Register.RAX).jumpIf(Condition.EQUAL, failed);
    e.unary(Unary.INCREMENT, OperandSize.BITS32, count);
    e.move(Register.RDX, Registers.INVOCATION);
    frame.leave(e);
    e.jump(Register.RAX);
    e.bind(failed);
    e.move(Register.RAX, -1);
  }
}
