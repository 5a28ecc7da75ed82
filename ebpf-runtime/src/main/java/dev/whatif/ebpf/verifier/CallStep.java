package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/** Calls of the program's own functions, and the way back. */
final class CallStep {

  /** There is no next instruction: the program has ended. */
  static final int END = -1;

  private final Verification in;

  CallStep(Verification verification) {
    in = verification;
  }

  /**
   * Enters a function.
   *
   * @return the index of its first instruction
   */
  int call(MachineState state, int index, int function) {
    requireRoom(state);
    StackFrame caller = state.frame();
    StackFrame callee = new StackFrame(state.depth(), function, index, false, in.forgotten());
    for (int i = 1; i <= 5; i++) {
      callee.set(Register.of(i), caller.get(i));
    }
    caller.forgetCallerSaved(in.forgotten());
    state.enter(callee);
    in.functions.usesStack(function, 0);
    return function;
  }

  /** Refuses calls nested too deeply. */
  static void requireRoom(MachineState state) {
    if (state.depth() == Functions.MAX_FRAMES) {
      throw new Fault(
          "calls are nested deeper than " + Functions.MAX_FRAMES,
          "inline some of the functions (static __always_inline), and replace recursion by a loop");
    }
  }

  /**
   * Leaves a function, or the program.
   *
   * @return the index of the next instruction, or {@link #END}
   */
  int exit(MachineState state) {
    if (state.depth() == 1) {
      in.read(state, Register.R0);
      if (!state.references().isEmpty()) {
        throw new Fault(
            "the program ends with a ring record that was reserved at instruction %d and not given"
                    .formatted(state.references().getFirst().taken())
                + " back",
            "call bpf_ringbuf_submit or bpf_ringbuf_discard on every way");
      }
      return END;
    }
    RegisterState result = state.get(Register.R0);
    if (result instanceof Pointer pointer && pointer.to() instanceof Provenance.Stack) {
      throw new Fault(
          "returns a pointer to the stack of the function that ends",
          "let the caller hold the variable and hand in its address");
    }
    StackFrame callee = state.frame();
    if (!callee.callback) {
      state.leave();
      state.set(Register.R0, result);
      return callee.calledFrom + 1;
    }
    requireAnswer(state);
    state.leave();
    state.frame().callbacks++;
    widen(state, callee.calledFrom);
    return callee.calledFrom;
  }

  private void requireAnswer(MachineState state) {
    boolean good = false;
    RegisterState result = in.read(state, Register.R0);
    if (result instanceof Scalar number) {
      number.demand().raise();
      good = number.range().smin() >= 0 && number.range().smax() <= 1;
    }
    if (!good) {
      throw new Fault(
          "a callback returns " + result.text(), "return 0 to go on or 1 to stop, nothing else");
    }
  }

  /**
   * A callback runs any number of times: numbers that changed since the last and that nothing has
   * depended on so far may be anything, so that the next time around is like this one ({@code
   * widen_imprecise_scalars}).
   */
  private static void widen(MachineState state, int call) {
    for (Checkpoint c = state.parent; c != null; c = c.state().parent) {
      if (c.index() == call && sameCalls(c.state(), state)) {
        Widening.apply(c.state(), state);
        return;
      }
    }
  }

  private static boolean sameCalls(MachineState a, MachineState b) {
    if (a.depth() != b.depth()) {
      return false;
    }
    for (int i = 1; i < a.depth(); i++) {
      if (a.frame(i).calledFrom != b.frame(i).calledFrom) {
        return false;
      }
    }
    return true;
  }
}
