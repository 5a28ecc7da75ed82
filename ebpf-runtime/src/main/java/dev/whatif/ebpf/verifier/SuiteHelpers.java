package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/**
 * The helpers that the public conformance suite's plugins offer by number (bpf_conformance,
 * ubpf_plugin/test_helpers.h): 0 gathers bytes, 1 inverts memory, 2 does nothing, 3 takes a root, 4
 * compares texts, 5 ends the program when its argument is 0.
 */
final class SuiteHelpers {

  private static final int MEMFROB = 1;
  private static final int STRCMP = 4;
  private static final int LAST = 5;

  private final Verification in;
  private final StackAccess stack;
  private final RegionAccess regions;

  SuiteHelpers(Verification verification, StackAccess stack, RegionAccess regions) {
    in = verification;
    this.stack = stack;
    this.regions = regions;
  }

  void call(MachineState state, int id) {
    if (id < 0 || id > LAST) {
      throw new Fault(
          "calls helper " + id, "this dialect has those of the conformance suite: 0 to " + LAST);
    }
    if (id == MEMFROB) {
      invert(state);
    } else if (id == STRCMP) {
      text(state, Register.R1);
      text(state, Register.R2);
    }
    state.frame().forgetCallerSaved(in.forgotten());
    state.set(Register.R0, Scalar.unknown());
  }

  /** Read until there is a 0. */
  private void text(MachineState state, Register register) {
    if (in.read(state, register) instanceof Pointer pointer
        && !pointer.nullable()
        && pointer.to() instanceof Provenance.Stack) {
      stack.readText(state, pointer);
      return;
    }
    throw new Fault(
        "calls helper 4, which reads until it finds a 0, on memory that is not the stack's",
        "copy the text to the stack, and write a 0 behind it");
  }

  private void invert(MachineState state) {
    RegisterState address = in.read(state, Register.R1);
    RegisterState length = in.read(state, Register.R2);
    if (!(address instanceof Pointer pointer)
        || pointer.nullable()
        || !(length instanceof Scalar number)
        || number.range().smin() < 0
        || number.range().smax() >= PointerArithmetic.MAX_OFFSET) {
      throw new Fault("inverts memory that is not known to be there", "hand in memory and length");
    }
    number.demand().raise();
    int bytes = (int) number.range().smax();
    if (bytes == 0) {
      return;
    }
    if (pointer.to() instanceof Provenance.Stack) {
      stack.overwrite(state, pointer, bytes);
    } else {
      regions.require(pointer, 0, bytes, RegionAccess.Kind.WRITE);
    }
  }
}
