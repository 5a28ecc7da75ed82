package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import org.jspecify.annotations.Nullable;

/** Compiles operations with constants, and recognises what two or three of them do together. */
final class StepCode {

  private final Values values;

  StepCode(Values values) {
    this.values = values;
  }

  /** A shift; the amount is masked. */
  void shift(Width width, Deferred.Step.Kind kind, Register dst, int amount) {
    int by = amount & ValueBits.bitsOf(width) - 1;
    values.defer(dst, () -> shifted(width, kind, dst, by));
  }

  private Deferred shifted(Width width, Deferred.Step.Kind kind, Register dst, int by) {
    if (by == 0) {
      return values.sum(dst, width).as(width);
    }
    if (values.value(dst) instanceof Deferred.Step before && before.width() == width) {
      Deferred both = together(before, kind, by);
      if (both != null) {
        return both;
      }
    }
    if (values.value(dst) instanceof Deferred.Sum sum) {
      if (sum.isConstant()) {
        return Deferred.Sum.constant(folded(width, kind, sum.displacement(), by));
      }
      if (kind == Deferred.Step.Kind.LEFT && (width == Width.W32 || sum.width() == Width.W64)) {
        Deferred.Sum scaled = sum.as(width).shifted(by);
        if (scaled != null) {
          return scaled;
        }
      }
    }
    Register source = values.source(dst, width);
    Deferred.Sum scaled =
        kind == Deferred.Step.Kind.LEFT ? Deferred.Sum.of(source).as(width).shifted(by) : null;
    return scaled != null ? scaled : new Deferred.Step(width, kind, source, by);
  }

  /** Two shifts that extend: to the left and back by as much. */
  private static @Nullable Deferred together(
      Deferred.Step before, Deferred.Step.Kind kind, int by) {
    if (before.kind() != Deferred.Step.Kind.LEFT || before.amount() != by) {
      return null;
    }
    int bits = ValueBits.bitsOf(before.width()) - by;
    if (kind == Deferred.Step.Kind.RIGHT && bits == Integer.SIZE) {
      return Deferred.Sum.of(before.source()).as(Width.W32);
    }
    if (kind == Deferred.Step.Kind.RIGHT && bits < Integer.SIZE) {
      int mask = (int) ((1L << bits) - 1);
      return new Deferred.Step(Width.W32, Deferred.Step.Kind.AND, before.source(), mask);
    }
    if (kind == Deferred.Step.Kind.SIGNED_RIGHT
        && (bits == Byte.SIZE || bits == Short.SIZE || bits == Integer.SIZE)) {
      return new Deferred.Step(
          before.width(), Deferred.Step.Kind.SIGN_EXTEND, before.source(), bits);
    }
    return null;
  }

  private static long folded(Width width, Deferred.Step.Kind kind, long value, int by) {
    if (width == Width.W64) {
      return switch (kind) {
        case LEFT -> value << by;
        case RIGHT -> value >>> by;
        case SIGNED_RIGHT -> value >> by;
        case ROTATE_LEFT, AND, MULTIPLY, SIGN_EXTEND -> throw new IllegalArgumentException();
      };
    }
    int low = (int) value;
    int result =
        switch (kind) {
          case LEFT -> low << by;
          case RIGHT -> low >>> by;
          case SIGNED_RIGHT -> low >> by;
          case ROTATE_LEFT, AND, MULTIPLY, SIGN_EXTEND -> throw new IllegalArgumentException();
        };
    return result & 0xffff_ffffL;
  }

  /** {@code dst &= mask}, of which the sign is extended. */
  void and(Width width, Register dst, int mask) {
    Width narrow = mask >= 0 ? Width.W32 : width;
    boolean isRun = mask >= 0 && (mask & mask + 1) == 0;
    boolean changesNothing = isRun && values.bits().of(dst) <= Integer.bitCount(mask);
    values.defer(
        dst,
        () -> {
          Deferred value = values.value(dst);
          if (changesNothing) {
            return value;
          }
          if (value instanceof Deferred.Sum sum && sum.isConstant()) {
            long result = sum.displacement() & mask;
            return Deferred.Sum.constant(width == Width.W64 ? result : result & 0xffff_ffffL);
          }
          if (value instanceof Deferred.Step step
              && step.kind() == Deferred.Step.Kind.AND
              && mask >= 0
              && step.amount() >= 0) {
            return new Deferred.Step(Width.W32, step.kind(), step.source(), step.amount() & mask);
          }
          return new Deferred.Step(
              narrow, Deferred.Step.Kind.AND, values.source(dst, narrow), mask);
        });
  }

  /** {@code dst *= factor}, of which the sign is extended. */
  void multiply(Width width, Register dst, int factor) {
    if (Integer.bitCount(factor) == 1 && factor > 0) {
      shift(width, Deferred.Step.Kind.LEFT, dst, Integer.numberOfTrailingZeros(factor));
      return;
    }
    values.defer(
        dst,
        () -> {
          if (factor == 0) {
            return Deferred.Sum.constant(0);
          }
          if (values.value(dst) instanceof Deferred.Sum sum && sum.isConstant()) {
            long product = sum.displacement() * factor;
            return Deferred.Sum.constant(width == Width.W64 ? product : product & 0xffff_ffffL);
          }
          Register source = values.source(dst, width);
          return factor == 3 || factor == 5 || factor == 9
              ? new Deferred.Sum(width, source, source, factor - 1, 0)
              : new Deferred.Step(width, Deferred.Step.Kind.MULTIPLY, source, factor);
        });
  }

  /**
   * Makes one rotation of {@code dst | src} where these are shifts of one value to both sides that
   * leave no bit out.
   */
  boolean rotate(Width width, Register dst, Register src) {
    Deferred rotation = rotation(width, values.value(dst), values.value(src));
    return rotation != null && values.deferIfFree(dst, rotation);
  }

  private static @Nullable Deferred rotation(Width width, Deferred a, Deferred b) {
    Deferred.Step left = asLeft(a);
    Deferred.Step right = asRight(b);
    if (left == null || right == null) {
      left = asLeft(b);
      right = asRight(a);
    }
    return left != null
            && right != null
            && left.width() == width
            && right.width() == width
            && left.source() == right.source()
            && left.amount() + right.amount() == ValueBits.bitsOf(width)
        ? new Deferred.Step(width, Deferred.Step.Kind.ROTATE_LEFT, left.source(), left.amount())
        : null;
  }

  private static Deferred.@Nullable Step asRight(Deferred value) {
    return value instanceof Deferred.Step step && step.kind() == Deferred.Step.Kind.RIGHT
        ? step
        : null;
  }

  private static Deferred.@Nullable Step asLeft(Deferred value) {
    if (value instanceof Deferred.Sum sum && sum.isScaled() && sum.index() != null) {
      int by = Integer.numberOfTrailingZeros(sum.scale());
      return new Deferred.Step(sum.width(), Deferred.Step.Kind.LEFT, sum.index(), by);
    }
    return value instanceof Deferred.Step step && step.kind() == Deferred.Step.Kind.LEFT
        ? step
        : null;
  }
}
