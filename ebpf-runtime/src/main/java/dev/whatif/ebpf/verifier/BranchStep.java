package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/**
 * Conditional jumps: which ways are open, and what each tells ({@code check_cond_jmp_op} in
 * kernel/bpf/verifier.c).
 */
final class BranchStep {

  /** Where the ways go that are not followed at once. */
  @FunctionalInterface
  interface Fork {
    /** Remembers a way. */
    void later(MachineState state, int index);
  }

  private final Verification in;
  private final Fork fork;

  BranchStep(Verification verification, Fork fork) {
    in = verification;
    this.fork = fork;
  }

  /**
   * Follows the way on which the branch is not taken, unless it is closed; the other is for later.
   *
   * @return the index of the next instruction
   */
  int branch(MachineState state, int index, Instruction.Branch branch) {
    RegisterState left = in.read(state, branch.dst());
    RegisterState right = operand(state, branch.src());
    int taken = in.target(index);
    BranchOutcome outcome = outcome(branch, left, right);
    if (outcome != BranchOutcome.OPEN) {
      raise(left);
      raise(right);
      return outcome == BranchOutcome.ALWAYS ? taken : index + 1;
    }
    MachineState other = state.copy();
    learn(other, branch, left, right, true);
    learn(state, branch, left, right, false);
    fork.later(other, taken);
    return index + 1;
  }

  private BranchOutcome outcome(
      Instruction.Branch branch, RegisterState left, RegisterState right) {
    if (left instanceof Scalar a && right instanceof Scalar b) {
      return BranchOutcome.of(branch.condition(), branch.width(), a.range(), b.range());
    }
    boolean wide = branch.width() == Width.W64;
    if (wide && (isSurely(left) && isNull(right) || isNull(left) && isSurely(right))) {
      return switch (branch.condition()) {
        case EQUAL -> BranchOutcome.NEVER;
        case NOT_EQUAL -> BranchOutcome.ALWAYS;
        default -> BranchOutcome.OPEN;
      };
    }
    return BranchOutcome.OPEN;
  }

  /** Whether it is an address that is not NULL ({@code reg_not_null}). */
  private static boolean isSurely(RegisterState state) {
    return state instanceof Pointer pointer
        && !pointer.nullable()
        && switch (pointer.to()) {
          case Provenance.MapValue _, Provenance.MapKey _, Provenance.MapHandle _ -> true;
          case Provenance.Memory _ -> true;
          case Provenance.Single _, Provenance.Stack _, Provenance.Function _ -> false;
        };
  }

  private static boolean isNull(RegisterState state) {
    return state instanceof Scalar number && number.range().isZero();
  }

  private void learn(
      MachineState state,
      Instruction.Branch branch,
      RegisterState left,
      RegisterState right,
      boolean taken) {
    if (left instanceof Scalar a && right instanceof Scalar b) {
      BranchRefinement refined =
          taken
              ? BranchRefinement.of(branch.condition(), branch.width(), a.range(), b.range())
              : BranchRefinement.not(branch.condition(), branch.width(), a.range(), b.range());
      narrow(state, branch.dst(), a, refined.left(), b);
      if (branch.src() instanceof Register register && register != branch.dst()) {
        narrow(state, register, b, refined.right(), a);
      }
      return;
    }
    if (branch.width() == Width.W64) {
      nullness(state, branch.condition(), left, right, taken);
      PacketReach.learn(state, branch.condition(), left, right, taken);
    }
  }

  /** What is now known of a number is known of all that are the same number. */
  private static void narrow(
      MachineState state, Register register, Scalar before, ScalarRange range, Scalar other) {
    if (range.equals(before.range())) {
      return;
    }
    Demand demand = new Demand(before.demand(), other.demand());
    if (before.id() == 0) {
      state.set(register, new Scalar(range, demand));
      return;
    }
    Scalar known = new Scalar(range, before.id(), before.delta(), demand);
    state.replaceAll(s -> {
      if (!(s instanceof Scalar n) || n.id() != known.id()) {
        return s;
      }
      return n.demand() == before.demand() && n.delta() == known.delta() ? known : moved(known, n);
    });
  }

  private static Scalar moved(Scalar known, Scalar other) {
    ScalarRange distance = ScalarRange.constant((long) other.delta() - known.delta());
    ScalarRange range =
        known.delta() == other.delta()
            ? known.range()
            : ScalarAlu.apply(AluOperator.ADD, Width.W64, known.range(), distance);
    return new Scalar(range, other.id(), other.delta(), new Demand(known.demand(), other.demand()));
  }

  private static void nullness(
      MachineState state,
      Condition condition,
      RegisterState left,
      RegisterState right,
      boolean taken) {
    if (condition != Condition.EQUAL && condition != Condition.NOT_EQUAL) {
      return;
    }
    boolean same = taken == (condition == Condition.EQUAL);
    if (left instanceof Pointer pointer && pointer.nullable()) {
      if (isNull(right)) {
        decide(state, pointer.id(), same);
      } else if (same && right instanceof Pointer other && isSurely(other)) {
        decide(state, pointer.id(), false);
      }
    }
    if (right instanceof Pointer pointer && pointer.nullable()) {
      if (isNull(left)) {
        decide(state, pointer.id(), same);
      } else if (same && left instanceof Pointer other && isSurely(other)) {
        decide(state, pointer.id(), false);
      }
    }
  }

  private static void decide(MachineState state, int id, boolean isNull) {
    if (isNull) {
      state.release(id); // nothing was handed out
    }
    state.replaceAll(s -> {
      if (s instanceof Pointer pointer && pointer.nullable() && pointer.id() == id) {
        return isNull ? Scalar.constant(0) : pointer.notNull();
      }
      return s;
    });
  }

  private RegisterState operand(MachineState state, Operand operand) {
    return switch (operand) {
      case Immediate(int value) -> Scalar.constant(value);
      case Register register -> in.read(state, register);
    };
  }

  private static void raise(RegisterState state) {
    if (state instanceof Scalar number) {
      number.demand().raise();
    }
  }
}
