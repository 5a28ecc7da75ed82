package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/** Addition to and subtraction from pointers ({@code adjust_ptr_min_max_vals}). */
final class PointerArithmetic {

  /** kernel, include/linux/bpf_verifier.h, BPF_MAX_VAR_OFF: more is no offset. */
  static final int MAX_OFFSET = 1 << 29;

  private final Verification in;

  PointerArithmetic(Verification verification) {
    in = verification;
  }

  /** At least one of the two is a pointer. */
  RegisterState apply(Instruction.Alu alu, RegisterState left, RegisterState right) {
    if (left instanceof Pointer && right instanceof Pointer) {
      if (in.strict() && alu.operator() != AluOperator.SUBTRACT) {
        throw new Fault(
            "combines two pointers by " + alu.operator(),
            "of two pointers, only the difference means anything");
      }
      return Scalar.unknown();
    }
    boolean add = alu.operator() == AluOperator.ADD;
    boolean subtract = alu.operator() == AluOperator.SUBTRACT;
    if (alu.width() == Width.W32) {
      if (in.strict() && !subtract) {
        throw new Fault(
            "computes with the lower 32 bits of " + (left instanceof Pointer ? left : right).text(),
            "use 64-bit variables for pointers");
      }
      return Scalar.unknown();
    }
    if (!add && !subtract) {
      if (in.strict()) {
        throw new Fault(
            "computes %s with %s"
                .formatted(alu.operator(), (left instanceof Pointer ? left : right).text()),
            "add to or subtract from pointers, nothing else");
      }
      return Scalar.unknown();
    }
    if (!(left instanceof Pointer pointer)) {
      if (add) {
        return move((Pointer) right, (Scalar) left, true);
      }
      if (in.strict()) {
        throw new Fault(
            "subtracts a pointer from a number", "subtract the number from the pointer");
      }
      return Scalar.unknown();
    }
    return move(pointer, (Scalar) right, add);
  }

  private RegisterState move(Pointer pointer, Scalar by, boolean add) {
    boolean known = by.range().isConstant();
    if (!in.strict() && (pointer.nullable() || !isMovable(pointer))) {
      return Scalar.unknown();
    }
    by.demand().raise();
    if (in.strict()) {
      requireMovable(pointer, by.range(), add);
      requireSane(pointer, by.range());
    } else if (!isSane(by.range())) {
      return Scalar.unknown();
    }
    Pointer moved;
    long fixed = add ? pointer.offset() + by.range().smin() : pointer.offset() - by.range().smin();
    if (known && fixed == (int) fixed) {
      moved =
          new Pointer(
              pointer.to(),
              (int) fixed,
              pointer.variable(),
              pointer.id(),
              pointer.reach(),
              pointer.nullable());
    } else {
      ScalarRange variable =
          ScalarAlu.apply(
              add ? AluOperator.ADD : AluOperator.SUBTRACT,
              Width.W64,
              pointer.variable(),
              by.range());
      boolean packet = isPacket(pointer.to());
      moved =
          new Pointer(
              pointer.to(),
              pointer.offset(),
              variable,
              packet ? in.newId() : pointer.id(),
              0,
              pointer.nullable());
    }
    if (!in.strict()) {
      return isSane(moved.variable()) && Math.abs((long) moved.offset()) < MAX_OFFSET
          ? moved
          : Scalar.unknown();
    }
    requireSane(moved, moved.variable());
    return moved;
  }

  static boolean isPacket(Provenance to) {
    return to == Provenance.Single.PACKET || to == Provenance.Single.PACKET_META;
  }

  private static boolean isMovable(Pointer pointer) {
    return switch (pointer.to()) {
      case Provenance.MapHandle _ -> false;
      case Provenance.Function _ -> true;
      case Provenance.Single s -> s != Provenance.Single.PACKET_END;
      case Provenance.Stack _, Provenance.MapKey _, Provenance.MapValue _ -> true;
      case Provenance.Memory _ -> true;
    };
  }

  private static void requireMovable(Pointer pointer, ScalarRange by, boolean add) {
    if (pointer.nullable()) {
      throw new Fault(
          "computes with " + pointer.text(), "compare the pointer with NULL before using it");
    }
    boolean nothing = pointer.to() instanceof Provenance.MapHandle && add && by.isZero();
    if (!nothing && !isMovable(pointer)) {
      throw new Fault(
          "computes with " + pointer.text(), "this address has no meaning but as it is");
    }
    if (!add && pointer.to() instanceof Provenance.Stack) {
      throw new Fault("subtracts from a stack pointer", "add a negative number");
    }
  }

  private static boolean isSane(ScalarRange range) {
    return range.smin() > -MAX_OFFSET && range.smin() < MAX_OFFSET;
  }

  private static void requireSane(Pointer pointer, ScalarRange by) {
    if (!isSane(by) || Math.abs((long) pointer.offset()) >= MAX_OFFSET) {
      throw new Fault(
          by.smin() == Long.MIN_VALUE
              ? "moves %s by a number that may be negative without bound".formatted(pointer.text())
              : "moves %s by %s, out of anything that it could point into"
                  .formatted(pointer.text(), by.text()),
          "check the index against both ends before using it, or make it unsigned");
    }
  }
}
