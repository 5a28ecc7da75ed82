package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/** Arithmetic and moves ({@code check_alu_op} in kernel/bpf/verifier.c). */
final class AluStep {

  private final Verification in;
  private final PointerArithmetic pointers;

  AluStep(Verification verification) {
    in = verification;
    pointers = new PointerArithmetic(verification);
  }

  void alu(MachineState state, Instruction.Alu alu) {
    in.requireWritable(alu.dst());
    RegisterState right = operand(state, alu.src());
    RegisterState left = in.read(state, alu.dst());
    if (in.strict() && alu.src() instanceof Immediate(int value)) {
      requireMeaning(alu, value);
    }
    RegisterState result =
        left instanceof Scalar a && right instanceof Scalar b
            ? numbers(alu.operator(), alu.width(), a, b)
            : pointers.apply(alu, left, right);
    state.set(alu.dst(), result);
  }

  void move(MachineState state, Instruction.Move move) {
    RegisterState value = operand(state, move.src());
    if (move.width() == Width.W64) {
      in.write(state, move.dst(), shared(state, move.src(), value));
      return;
    }
    if (!(value instanceof Scalar number)) {
      in.write(state, move.dst(), unknown(Width.W32));
      return;
    }
    if (number.range().fits(Integer.SIZE)) {
      in.write(state, move.dst(), shared(state, move.src(), number));
      return;
    }
    in.write(state, move.dst(), new Scalar(number.range().zeroExtended(), number.demand()));
  }

  void moveSigned(MachineState state, Instruction.MoveSigned move) {
    RegisterState value = in.read(state, move.src());
    if (!(value instanceof Scalar number)) {
      in.write(state, move.dst(), unknown(move.width()));
      return;
    }
    boolean unchanged =
        move.width() == Width.W64
            && Long.compareUnsigned(number.range().umax(), 1L << move.bits() - 1) < 0;
    if (unchanged) {
      in.write(state, move.dst(), shared(state, move.src(), number));
      return;
    }
    ScalarRange extended = number.range().signExtended(move.bits() / Byte.SIZE);
    ScalarRange result = move.width() == Width.W64 ? extended : extended.zeroExtended();
    in.write(state, move.dst(), new Scalar(result, number.demand()));
  }

  void negate(MachineState state, Instruction.Negate negate) {
    RegisterState value = in.read(state, negate.dst());
    in.write(
        state,
        negate.dst(),
        value instanceof Scalar number
            ? new Scalar(ScalarAlu.negate(negate.width(), number.range()), number.demand())
            : unknown(negate.width()));
  }

  /** The kernel knows nothing of the result; constants are followed where it is not the measure. */
  void swap(MachineState state, Instruction.SwapBytes swap) {
    RegisterState value = in.read(state, swap.dst());
    if (!in.strict() && value instanceof Scalar number && number.range().isConstant()) {
      long result = Constants.swap(swap.swap(), swap.bits(), number.range().value());
      in.write(state, swap.dst(), new Scalar(ScalarRange.constant(result), number.demand()));
      return;
    }
    in.write(state, swap.dst(), Scalar.unknown());
  }

  private RegisterState numbers(AluOperator operator, Width width, Scalar a, Scalar b) {
    Demand demand = new Demand(a.demand(), b.demand());
    if (!in.strict() && a.range().isConstant() && b.range().isConstant()) {
      long result = Constants.apply(operator, width, a.range().value(), b.range().value());
      return new Scalar(ScalarRange.constant(result), demand);
    }
    ScalarRange range = ScalarAlu.apply(operator, width, a.range(), b.range());
    boolean moved =
        operator == AluOperator.ADD
            && width == Width.W64
            && a.id() != 0
            && b.range().isConstant()
            && fitsDelta(a.delta() + b.range().value());
    return moved
        ? new Scalar(range, a.id(), (int) (a.delta() + b.range().value()), demand)
        : new Scalar(range, demand);
  }

  private static boolean fitsDelta(long delta) {
    return delta == (int) delta;
  }

  /** A copy of a number that is not known shares what branches will tell of it. */
  private RegisterState shared(MachineState state, Operand source, RegisterState value) {
    if (source instanceof Register register
        && value instanceof Scalar number
        && number.id() == 0
        && !number.range().isConstant()) {
      Scalar named = number.withId(in.newId());
      state.set(register, named);
      return named;
    }
    return value;
  }

  private RegisterState operand(MachineState state, Operand operand) {
    return switch (operand) {
      case Immediate(int value) -> Scalar.constant(value);
      case Register register -> in.read(state, register);
    };
  }

  private static void requireMeaning(Instruction.Alu alu, int value) {
    switch (alu.operator()) {
      case DIVIDE, SIGNED_DIVIDE, REMAINDER, SIGNED_REMAINDER -> {
        if (value == 0) {
          throw new Fault("divides by the constant 0", "divide by another constant");
        }
      }
      case SHIFT_LEFT, SHIFT_RIGHT, SIGNED_SHIFT_RIGHT -> {
        int bits = alu.width() == Width.W32 ? Integer.SIZE : Long.SIZE;
        if (value < 0 || value >= bits) {
          throw new Fault(
              "shifts %d bits by the constant %d".formatted(bits, value),
              "shift by 0 to " + (bits - 1));
        }
      }
      case ADD, SUBTRACT, MULTIPLY, AND, OR, XOR -> {
        // any constant has a meaning
      }
    }
  }

  /** What is left of a pointer that was computed with as a number. */
  private static Scalar unknown(Width width) {
    return Scalar.of(
        width == Width.W32 ? ScalarRange.loaded(Integer.BYTES, false) : ScalarRange.UNKNOWN);
  }
}
