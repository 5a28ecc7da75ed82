package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import org.jspecify.annotations.Nullable;

/**
 * A value that has not been computed yet: what it would be computed from lies in registers still.
 * Whoever uses it may take it in (an address becomes part of a load, a mask part of a test); else
 * it is computed at the last moment.
 */
sealed interface Deferred {

  /** Whether it is computed from what lies in a register. */
  boolean uses(Register register);

  /**
   * {@code base + index * scale + displacement}; 32 bits wide, the sum's lower half.
   *
   * @param base null for none
   * @param index null for none
   * @param displacement fits 32 bits unless there is neither base nor index
   */
  record Sum(
      Width width, @Nullable Register base, @Nullable Register index, int scale, long displacement)
      implements Deferred {

    static Sum of(Register register) {
      return new Sum(Width.W64, register, null, 1, 0);
    }

    static Sum constant(long value) {
      return new Sum(Width.W64, null, null, 1, value);
    }

    @Override
    public boolean uses(Register register) {
      return register == base || register == index;
    }

    boolean isConstant() {
      return base == null && index == null;
    }

    /** Whether it is what lies in {@link #base}, or its lower half. */
    boolean isCopy() {
      return base != null && index == null && displacement == 0;
    }

    /** Whether it is an index alone, times 2, 4 or 8. */
    boolean isScaled() {
      return base == null && index != null && displacement == 0;
    }

    Sum as(Width other) {
      if (other == Width.W32 && isConstant()) {
        return constant(displacement & 0xffff_ffffL);
      }
      return new Sum(other, base, index, scale, displacement);
    }

    /** Their sum, cut off to a width; null when that is not a sum of this form. */
    @Nullable Sum plus(Sum other, Width result) {
      if (index != null && other.index != null) {
        return null;
      }
      Register newBase = base;
      Register newIndex = index != null ? index : other.index;
      int newScale = index != null ? scale : other.scale;
      if (other.base != null) {
        if (newBase == null) {
          newBase = other.base;
        } else if (newIndex == null) {
          newIndex = other.base;
          newScale = 1;
        } else {
          return null;
        }
      }
      return checked(result, newBase, newIndex, newScale, displacement + other.displacement);
    }

    /** This times 2, 4 or 8; null when that is not a sum of this form. */
    @Nullable Sum shifted(int bits) {
      if (index != null || base == null || bits > 3) {
        return null;
      }
      return checked(width, null, base, 1 << bits, displacement << bits);
    }

    private static @Nullable Sum checked(
        Width width,
        @Nullable Register newBase,
        @Nullable Register newIndex,
        int newScale,
        long sum) {
      if (width == Width.W32) {
        boolean isConstant = newBase == null && newIndex == null;
        long wrapped = isConstant ? sum & 0xffff_ffffL : (int) sum;
        return new Sum(isConstant ? Width.W64 : width, newBase, newIndex, newScale, wrapped);
      }
      if (sum != (int) sum && (newBase != null || newIndex != null)) {
        return null;
      }
      return new Sum(width, newBase, newIndex, newScale, sum);
    }
  }

  /** One operation with a constant on what lies in a register. */
  record Step(Width width, Kind kind, Register source, int amount) implements Deferred {

    /** What is done. */
    enum Kind {
      LEFT,
      RIGHT,
      SIGNED_RIGHT,
      ROTATE_LEFT,
      AND,
      MULTIPLY,
      /** The amount counts the bits whose sign is extended: 8, 16 or 32. */
      SIGN_EXTEND
    }

    @Override
    public boolean uses(Register register) {
      return register == source;
    }
  }
}
