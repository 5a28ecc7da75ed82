package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/**
 * Helpers that call functions of the program: what happens when they call once more, and what when
 * they do not ({@code push_callback_call} in kernel/bpf/verifier.c). After the function returns,
 * the call is looked at again, until another round would find nothing new.
 */
final class CallbackStep {

  private final Verification in;
  private final BranchStep.Fork fork;

  CallbackStep(Verification verification, BranchStep.Fork fork) {
    in = verification;
    this.fork = fork;
  }

  void follow(MachineState state, int index, HelperFunction helper, int function, int map) {
    if (helper == HelperFunction.LOOP && !goesOn(state)) {
      state.frame().callbacks = 0;
      return;
    }
    CallStep.requireRoom(state);
    MachineState other = state.copy();
    StackFrame caller = other.frame();
    StackFrame callee = new StackFrame(other.depth(), function, index, true, in.forgotten());
    if (helper == HelperFunction.LOOP) {
      callee.set(Register.R1, Scalar.unknown());
      callee.set(Register.R2, caller.get(Register.R3));
    } else {
      callee.set(Register.R1, Pointer.at(new Provenance.MapHandle(map), 0));
      callee.set(Register.R2, Pointer.at(new Provenance.MapKey(map), 0));
      callee.set(Register.R3, Pointer.at(new Provenance.MapValue(map), 0));
      callee.set(Register.R4, caller.get(Register.R3));
    }
    in.functions.usesStack(function, 0);
    other.enter(callee);
    fork.later(other, function);
  }

  /** Whether bpf_loop may call more often than it already has. */
  private static boolean goesOn(MachineState state) {
    if (!(state.get(Register.R1) instanceof Scalar rounds)) {
      return true;
    }
    rounds.demand().raise();
    return Long.compareUnsigned(state.frame().callbacks, rounds.range().umax()) < 0;
  }
}
