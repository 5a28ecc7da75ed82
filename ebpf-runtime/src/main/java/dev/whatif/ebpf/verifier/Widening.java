package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/** Makes numbers unknown that differ between two rounds of a loop and that nobody asked for. */
final class Widening {

  private Widening() {}

  /** Changes a state, given the one a round before. */
  static void apply(MachineState before, MachineState state) {
    for (int f = 0; f < state.depth(); f++) {
      StackFrame old = before.frame(f);
      StackFrame frame = state.frame(f);
      for (int r = 0; r < Register.R10.number(); r++) {
        RegisterState wide = widened(old.get(r), frame.get(r));
        if (wide != frame.get(r)) {
          frame.set(Register.of(r), wide);
        }
      }
      for (int s = 0; s < Math.min(old.slots(), frame.slots()); s++) {
        StackSlot slot = frame.slot(s);
        if (slot.isSavedScalar() && old.slot(s).isSavedScalar()) {
          RegisterState wide = widened(old.slot(s).value(), slot.value());
          if (wide != slot.value()) {
            frame.setSlot(s, slot.withValue(wide));
          }
        }
      }
    }
  }

  private static RegisterState widened(RegisterState old, RegisterState now) {
    if (!(old instanceof Scalar a) || !(now instanceof Scalar b)) {
      return now;
    }
    boolean asked = a.demand().isRaised() || b.demand().isRaised();
    return asked || a.range().equals(b.range()) ? now : Scalar.unknown();
  }
}
