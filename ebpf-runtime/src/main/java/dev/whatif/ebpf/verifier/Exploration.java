package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import java.util.ArrayDeque;

/**
 * Follows a program on every way through it ({@code do_check} in kernel/bpf/verifier.c), the
 * nearest first, until none is left or one goes wrong. Used once, by one thread.
 */
final class Exploration {

  /** kernel, include/linux/bpf.h, BPF_COMPLEXITY_LIMIT_INSNS. */
  static final int MAX_STEPS = 1_000_000;

  /** kernel, kernel/bpf/verifier.c, BPF_COMPLEXITY_LIMIT_JMP_SEQ. */
  static final int MAX_OPEN = 8192;

  private record Way(MachineState state, int index) {}

  private final Verification in;
  private final InstructionStep step;
  private final ControlFlow flow;
  private final Visits visits;
  private final ArrayDeque<Way> open = new ArrayDeque<>();
  private MachineState state;
  private int index;
  private int steps;
  private int jumps;

  Exploration(Verification verification, ControlFlow flow) {
    in = verification;
    this.flow = flow;
    step = new InstructionStep(verification, this::later);
    visits = new Visits(new Liveness(in.code), in.code.instructions().size());
    state = first();
  }

  /** Follows every way. */
  void run() {
    for (index = 0; index < in.code.instructions().size(); index++) {
      step.requireReference(index); // the kernel, too, asks this of code that is never reached
    }
    in.functions.usesStack(0, 0);
    later(state, 0);
    while (!open.isEmpty()) {
      Way way = open.pop();
      state = way.state();
      index = way.index();
      follow();
      Visits.finish(state);
    }
  }

  /** The instruction that was looked at last. */
  int index() {
    return index;
  }

  /** What was known when it was looked at. */
  MachineState state() {
    return state;
  }

  /** How many instructions were followed, over all ways. */
  int steps() {
    return steps;
  }

  private void follow() {
    while (index != CallStep.END) {
      Instruction instruction = in.code.instructions().get(index);
      boolean callback = callsBack(instruction);
      if ((callback || flow.isJoin(index))
          && visits.isKnown(state, index, callback, steps, jumps)) {
        return;
      }
      if (++steps > MAX_STEPS) {
        throw new Fault(
            "more than %,d instructions were followed without coming to an end"
                .formatted(MAX_STEPS),
            "make loops shorter, give counters a constant limit, or move the body into bpf_loop's"
                + " callback");
      }
      jumps += jumps(instruction) ? 1 : 0;
      index = step.follow(state, index);
      if (index >= in.code.instructions().size()) {
        index--;
        throw new Fault(
            "the program goes on behind its last instruction",
            "end every way through it with a return");
      }
    }
  }

  /** What the kernel counts as a jump: everything of that class. */
  private static boolean jumps(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Branch _, Instruction.Jump _, Instruction.Exit _ -> true;
      case Instruction.CallHelper _, Instruction.CallLocal _, Instruction.CallKernel _ -> true;
      case Instruction.CallRegister _ -> true;
      default -> false;
    };
  }

  private void later(MachineState other, int at) {
    if (open.size() == MAX_OPEN) {
      throw new Fault(
          "more than %,d ways are open at once".formatted(MAX_OPEN),
          "put fewer conditions behind each other");
    }
    if (other.parent != null) {
      other.parent.open++;
    }
    open.push(new Way(other, at));
  }

  private boolean callsBack(Instruction instruction) {
    return in.strict()
        && instruction instanceof Instruction.CallHelper(int id)
        && (id == HelperFunction.LOOP.id() || id == HelperFunction.FOR_EACH_MAP_ELEM.id());
  }

  private MachineState first() {
    StackFrame frame = new StackFrame(0, 0, -1, false, in.forgotten());
    if (in.program.type() == ProgramType.UNSPEC) {
      int bytes = in.program.contextBytes();
      frame.set(Register.R1, Pointer.at(new Provenance.Memory(bytes, 0), 0));
      frame.set(Register.R2, Scalar.constant(bytes));
    } else {
      frame.set(Register.R1, Pointer.at(Provenance.Single.CONTEXT, 0));
    }
    return new MachineState(frame);
  }
}
