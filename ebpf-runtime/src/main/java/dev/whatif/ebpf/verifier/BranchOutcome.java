package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Width;

/**
 * Whether a branch is taken, as far as ranges tell ({@code is_scalar_branch_taken} in
 * kernel/bpf/verifier.c).
 */
enum BranchOutcome {
  ALWAYS,
  NEVER,
  OPEN;

  static BranchOutcome of(Condition condition, Width width, ScalarRange a, ScalarRange b) {
    boolean narrow = width == Width.W32;
    return switch (condition) {
      case EQUAL -> equal(a, b, narrow);
      case NOT_EQUAL -> equal(a, b, narrow).opposite();
      case COMMON_BITS -> commonBits(a, b, narrow);
      case GREATER -> greater(a, b, narrow);
      case LESS_OR_EQUAL -> greater(a, b, narrow).opposite();
      case LESS -> greater(b, a, narrow);
      case GREATER_OR_EQUAL -> greater(b, a, narrow).opposite();
      case SIGNED_GREATER -> signedGreater(a, b, narrow);
      case SIGNED_LESS_OR_EQUAL -> signedGreater(a, b, narrow).opposite();
      case SIGNED_LESS -> signedGreater(b, a, narrow);
      case SIGNED_GREATER_OR_EQUAL -> signedGreater(b, a, narrow).opposite();
    };
  }

  BranchOutcome opposite() {
    return switch (this) {
      case ALWAYS -> NEVER;
      case NEVER -> ALWAYS;
      case OPEN -> OPEN;
    };
  }

  private static BranchOutcome equal(ScalarRange a, ScalarRange b, boolean narrow) {
    boolean apart32 =
        Integer.compareUnsigned(a.u32min(), b.u32max()) > 0
            || Integer.compareUnsigned(a.u32max(), b.u32min()) < 0
            || a.s32min() > b.s32max()
            || a.s32max() < b.s32min();
    if (narrow) {
      if (a.isLowerConstant() && b.isLowerConstant()) {
        return when((int) a.bits().value() == (int) b.bits().value());
      }
      return apart32 || !a.bits().lower().overlaps(b.bits().lower()) ? NEVER : OPEN;
    }
    if (a.isConstant() && b.isConstant()) {
      return when(a.value() == b.value());
    }
    boolean apart =
        Long.compareUnsigned(a.umin(), b.umax()) > 0
            || Long.compareUnsigned(a.umax(), b.umin()) < 0
            || a.smin() > b.smax()
            || a.smax() < b.smin();
    return apart || apart32 || !a.bits().overlaps(b.bits()) ? NEVER : OPEN;
  }

  private static BranchOutcome commonBits(ScalarRange a, ScalarRange b, boolean narrow) {
    boolean known = narrow ? b.isLowerConstant() : b.isConstant();
    ScalarRange other = a;
    ScalarRange constant = b;
    if (!known) {
      if (narrow ? !a.isLowerConstant() : !a.isConstant()) {
        return OPEN;
      }
      other = b;
      constant = a;
    }
    long bits = narrow ? constant.bits().lower().value() : constant.value();
    TristateNumber of = narrow ? other.bits().lower() : other.bits();
    if ((of.value() & bits) != 0) {
      return ALWAYS;
    }
    return ((of.value() | of.mask()) & bits) == 0 ? NEVER : OPEN;
  }

  private static BranchOutcome greater(ScalarRange a, ScalarRange b, boolean narrow) {
    if (narrow) {
      return Integer.compareUnsigned(a.u32min(), b.u32max()) > 0
          ? ALWAYS
          : Integer.compareUnsigned(a.u32max(), b.u32min()) <= 0 ? NEVER : OPEN;
    }
    return Long.compareUnsigned(a.umin(), b.umax()) > 0
        ? ALWAYS
        : Long.compareUnsigned(a.umax(), b.umin()) <= 0 ? NEVER : OPEN;
  }

  private static BranchOutcome signedGreater(ScalarRange a, ScalarRange b, boolean narrow) {
    if (narrow) {
      return a.s32min() > b.s32max() ? ALWAYS : a.s32max() <= b.s32min() ? NEVER : OPEN;
    }
    return a.smin() > b.smax() ? ALWAYS : a.smax() <= b.smin() ? NEVER : OPEN;
  }

  private static BranchOutcome when(boolean taken) {
    return taken ? ALWAYS : NEVER;
  }
}
