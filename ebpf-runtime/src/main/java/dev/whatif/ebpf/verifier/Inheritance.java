package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/**
 * What was asked for behind a state is asked for, too, where another way ended because it was like
 * that state ({@code propagate_precision} in kernel/bpf/verifier.c).
 */
final class Inheritance {

  private Inheritance() {}

  /**
   * Passes demands on.
   *
   * @param later whether more may be asked of the old state, and is then to be passed on
   */
  static void pass(
      Liveness liveness, MachineState old, MachineState now, int index, boolean later) {
    for (int f = 0; f < old.depth(); f++) {
      StackFrame from = old.frame(f);
      StackFrame to = now.frame(f);
      int at = f == old.depth() - 1 ? index : old.frame(f + 1).calledFrom;
      for (int r = 0; r < Register.R10.number(); r++) {
        if (liveness.isLive(at, r)) {
          pass(from.get(r), to.get(r), later);
        }
      }
      for (int s = 0; s < from.slots(); s++) {
        StackSlot slot = from.slot(s);
        StackSlot other = to.slot(s);
        pass(slot.read(), other.read(), later);
        if (slot.saved() != 0) {
          pass(slot.value(), other.value(), later);
        }
        boolean zero = other.value() instanceof Scalar number && number.range().isZero();
        if (zero && slot.zero() != 0) {
          ((Scalar) other.value()).demand().raise();
        }
      }
    }
  }

  private static void pass(RegisterState old, RegisterState now, boolean later) {
    if (old instanceof Scalar a && now instanceof Scalar b) {
      pass(a.demand(), b.demand(), later);
    }
  }

  private static void pass(Demand old, Demand now, boolean later) {
    if (old.isRaised()) {
      now.raise();
    } else if (later) {
      old.alsoRaises(now);
    }
  }
}
