package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Width;

/**
 * What a branch that was taken tells of the two numbers that it compared ({@code
 * regs_refine_cond_op} in kernel/bpf/verifier.c).
 *
 * @param left what is now known of the first
 * @param right of the second
 */
record BranchRefinement(ScalarRange left, ScalarRange right) {

  /** Given that the condition holds. */
  static BranchRefinement of(
      Condition condition, Width width, ScalarRange left, ScalarRange right) {
    RangeBuilder a = new RangeBuilder(left);
    RangeBuilder b = new RangeBuilder(right);
    boolean narrow = width == Width.W32;
    switch (condition) {
      case EQUAL -> equal(a, b, narrow);
      case NOT_EQUAL -> {
        exclude(a, right, narrow);
        exclude(b, left, narrow);
      }
      case COMMON_BITS -> {
        oneOf(a, right, narrow);
        oneOf(b, left, narrow);
      }
      case LESS -> less(a, b, narrow, true);
      case LESS_OR_EQUAL -> less(a, b, narrow, false);
      case GREATER -> less(b, a, narrow, true);
      case GREATER_OR_EQUAL -> less(b, a, narrow, false);
      case SIGNED_LESS -> signedLess(a, b, narrow, true);
      case SIGNED_LESS_OR_EQUAL -> signedLess(a, b, narrow, false);
      case SIGNED_GREATER -> signedLess(b, a, narrow, true);
      case SIGNED_GREATER_OR_EQUAL -> signedLess(b, a, narrow, false);
    }
    return new BranchRefinement(a.build(), b.build());
  }

  /** Given that the condition does not hold. */
  static BranchRefinement not(
      Condition condition, Width width, ScalarRange left, ScalarRange right) {
    return switch (condition) {
      case EQUAL -> of(Condition.NOT_EQUAL, width, left, right);
      case NOT_EQUAL -> of(Condition.EQUAL, width, left, right);
      case GREATER -> of(Condition.LESS_OR_EQUAL, width, left, right);
      case GREATER_OR_EQUAL -> of(Condition.LESS, width, left, right);
      case LESS -> of(Condition.GREATER_OR_EQUAL, width, left, right);
      case LESS_OR_EQUAL -> of(Condition.GREATER, width, left, right);
      case SIGNED_GREATER -> of(Condition.SIGNED_LESS_OR_EQUAL, width, left, right);
      case SIGNED_GREATER_OR_EQUAL -> of(Condition.SIGNED_LESS, width, left, right);
      case SIGNED_LESS -> of(Condition.SIGNED_GREATER_OR_EQUAL, width, left, right);
      case SIGNED_LESS_OR_EQUAL -> of(Condition.SIGNED_GREATER, width, left, right);
      case COMMON_BITS -> noCommonBits(width == Width.W32, left, right);
    };
  }

  private static void equal(RangeBuilder a, RangeBuilder b, boolean narrow) {
    a.u32min = b.u32min = RangeBuilder.maxUnsigned(a.u32min, b.u32min);
    a.u32max = b.u32max = RangeBuilder.minUnsigned(a.u32max, b.u32max);
    a.s32min = b.s32min = Math.max(a.s32min, b.s32min);
    a.s32max = b.s32max = Math.min(a.s32max, b.s32max);
    if (narrow) {
      TristateNumber both = a.bits.lower().intersect(b.bits.lower());
      a.bits = a.bits.withLower(both);
      b.bits = b.bits.withLower(both);
      return;
    }
    a.umin = b.umin = RangeBuilder.maxUnsigned(a.umin, b.umin);
    a.umax = b.umax = RangeBuilder.minUnsigned(a.umax, b.umax);
    a.smin = b.smin = Math.max(a.smin, b.smin);
    a.smax = b.smax = Math.min(a.smax, b.smax);
    a.bits = b.bits = a.bits.intersect(b.bits);
  }

  /** Bounds move past a number that it is not. */
  private static void exclude(RangeBuilder a, ScalarRange other, boolean narrow) {
    if (narrow) {
      if (other.isLowerConstant()) {
        int value = (int) other.bits().value();
        a.u32min += a.u32min == value ? 1 : 0;
        a.u32max -= a.u32max == value ? 1 : 0;
        a.s32min += a.s32min == value ? 1 : 0;
        a.s32max -= a.s32max == value ? 1 : 0;
      }
    } else if (other.isConstant()) {
      long value = other.value();
      a.umin += a.umin == value ? 1 : 0;
      a.umax -= a.umax == value ? 1 : 0;
      a.smin += a.smin == value ? 1 : 0;
      a.smax -= a.smax == value ? 1 : 0;
    }
  }

  /** A single bit that both have is set. */
  private static void oneOf(RangeBuilder a, ScalarRange other, boolean narrow) {
    if (narrow ? !other.isLowerConstant() : !other.isConstant()) {
      return;
    }
    long value = narrow ? other.bits().lower().value() : other.value();
    if (Long.bitCount(value) == 1) {
      a.bits = a.bits.or(TristateNumber.constant(value));
    }
  }

  private static BranchRefinement noCommonBits(
      boolean narrow, ScalarRange left, ScalarRange right) {
    RangeBuilder a = new RangeBuilder(left);
    RangeBuilder b = new RangeBuilder(right);
    clear(a, right, narrow);
    clear(b, left, narrow);
    return new BranchRefinement(a.build(), b.build());
  }

  private static void clear(RangeBuilder a, ScalarRange other, boolean narrow) {
    if (narrow ? other.isLowerConstant() : other.isConstant()) {
      long value = narrow ? other.bits().lower().value() : other.value();
      a.bits = a.bits.and(TristateNumber.constant(~value));
    }
  }

  private static void less(RangeBuilder a, RangeBuilder b, boolean narrow, boolean strictly) {
    int step = strictly ? 1 : 0;
    if (narrow) {
      // no wrap: where b is at most 0 (a at least the greatest), nothing is less, and it is empty
      if (strictly && (b.u32max == 0 || a.u32min == -1)) {
        return;
      }
      a.u32max = RangeBuilder.minUnsigned(a.u32max, b.u32max - step);
      b.u32min = RangeBuilder.maxUnsigned(a.u32min + step, b.u32min);
      return;
    }
    if (strictly && (b.umax == 0 || a.umin == -1)) {
      return;
    }
    a.umax = RangeBuilder.minUnsigned(a.umax, b.umax - step);
    b.umin = RangeBuilder.maxUnsigned(a.umin + step, b.umin);
  }

  private static void signedLess(RangeBuilder a, RangeBuilder b, boolean narrow, boolean strictly) {
    int step = strictly ? 1 : 0;
    if (narrow) {
      if (strictly && (b.s32max == Integer.MIN_VALUE || a.s32min == Integer.MAX_VALUE)) {
        return;
      }
      a.s32max = Math.min(a.s32max, b.s32max - step);
      b.s32min = Math.max(a.s32min + step, b.s32min);
      return;
    }
    if (strictly && (b.smax == Long.MIN_VALUE || a.smin == Long.MAX_VALUE)) {
      return;
    }
    a.smax = Math.min(a.smax, b.smax - step);
    b.smin = Math.max(a.smin + step, b.smin);
  }
}
