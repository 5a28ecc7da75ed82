package dev.whatif.ebpf.verifier;

/**
 * A {@link ScalarRange} while it changes. {@link #build} lets the five ways of seeing the number
 * learn from each other, in the order of the kernel's {@code reg_bounds_sync}
 * (kernel/bpf/verifier.c), so that what the kernel knows is known here, too. One thread.
 */
final class RangeBuilder {

  private static final long HIGH = 0xffff_ffff_0000_0000L;

  /** The kernel repeats the deduction as often: later rounds find nothing in practice. */
  private static final int ROUNDS = 3;

  TristateNumber bits;
  long smin;
  long smax;
  long umin;
  long umax;
  int s32min;
  int s32max;
  int u32min;
  int u32max;

  RangeBuilder(ScalarRange start) {
    bits = start.bits();
    smin = start.smin();
    smax = start.smax();
    umin = start.umin();
    umax = start.umax();
    s32min = start.s32min();
    s32max = start.s32max();
    u32min = start.u32min();
    u32max = start.u32max();
  }

  /** Forgets the 64-bit bounds; bits and lower half stay. */
  void forget64() {
    smin = Long.MIN_VALUE;
    smax = Long.MAX_VALUE;
    umin = 0;
    umax = -1;
  }

  /** Forgets the bounds of the lower half. */
  void forget32() {
    s32min = Integer.MIN_VALUE;
    s32max = Integer.MAX_VALUE;
    u32min = 0;
    u32max = -1;
  }

  /** The upper half becomes 0; the 64-bit bounds are those of the lower half. */
  void zeroExtend() {
    bits = bits.lower();
    umin = Integer.toUnsignedLong(u32min);
    umax = Integer.toUnsignedLong(u32max);
    smin = s32min >= 0 ? s32min : 0;
    smax = s32min >= 0 ? s32max : 0xffff_ffffL;
  }

  /** The range, everything learnt. When it is contradictory, nothing is claimed. */
  ScalarRange build() {
    boundsFromBits();
    for (int i = 0; i < ROUNDS; i++) {
      deduce32();
      deduce64();
      deduce64From32();
    }
    bitsFromBounds();
    boundsFromBits();
    ScalarRange range =
        new ScalarRange(bits, smin, smax, umin, umax, s32min, s32max, u32min, u32max);
    return range.isEmpty() ? ScalarRange.UNKNOWN : range;
  }

  private void boundsFromBits() {
    long value = bits.value();
    long mask = bits.mask();
    smin = Math.max(smin, value | mask & Long.MIN_VALUE);
    smax = Math.min(smax, value | mask & Long.MAX_VALUE);
    umin = maxUnsigned(umin, value);
    umax = minUnsigned(umax, value | mask);
    int low = (int) value;
    int lowMask = (int) mask;
    s32min = Math.max(s32min, low | lowMask & Integer.MIN_VALUE);
    s32max = Math.min(s32max, low | lowMask & Integer.MAX_VALUE);
    u32min = maxUnsigned(u32min, low);
    u32max = minUnsigned(u32max, low | lowMask);
  }

  private void deduce32() {
    if (umin >>> 32 == umax >>> 32) {
      learnUnsigned32((int) umin, (int) umax);
      learnSigned32((int) umin, (int) umax);
    }
    if (smin >> 32 == smax >> 32) {
      if (Integer.compareUnsigned((int) smin, (int) smax) <= 0) {
        learnUnsigned32((int) smin, (int) smax);
      }
      learnSigned32((int) smin, (int) smax);
    }
    // upper halves that follow each other: the lower half goes through -1 to 0 only
    if ((int) (umin >>> 32) + 1 == (int) (umax >>> 32) && (int) umin < 0 && (int) umax >= 0) {
      learnSigned32((int) umin, (int) umax);
    }
    if ((int) (smin >> 32) + 1 == (int) (smax >> 32) && (int) smin < 0 && (int) smax >= 0) {
      learnSigned32((int) smin, (int) smax);
    }
    learnSigned32(u32min, u32max);
    if (Integer.compareUnsigned(s32min, s32max) <= 0) {
      learnUnsigned32(s32min, s32max);
    }
  }

  private void deduce64() {
    if (umin <= umax) {
      smin = Math.max(smin, umin);
      smax = Math.min(smax, umax);
    }
    if (Long.compareUnsigned(smin, smax) <= 0) {
      umin = maxUnsigned(umin, smin);
      umax = minUnsigned(umax, smax);
    } else if (Long.compareUnsigned(umax, smin) < 0) {
      // the signed range goes through -1 to 0, and only its part from 0 is possible
      smin = umin;
      umax = minUnsigned(umax, smax);
    } else if (Long.compareUnsigned(smax, umin) < 0) {
      smax = umax;
      umin = maxUnsigned(umin, smin);
    }
  }

  private void deduce64From32() {
    long low = Integer.toUnsignedLong(u32min);
    long high = Integer.toUnsignedLong(u32max);
    umin = maxUnsigned(umin, umin & HIGH | low);
    umax = minUnsigned(umax, umax & HIGH | high);
    smin = Math.max(smin, smin & HIGH | low);
    smax = Math.min(smax, smax & HIGH | high);
    if (smin >= Integer.MIN_VALUE && smax <= Integer.MAX_VALUE) {
      smin = Math.max(smin, s32min);
      smax = Math.min(smax, s32max);
    }
  }

  private void bitsFromBounds() {
    TristateNumber all = bits.intersect(TristateNumber.range(umin, umax));
    TristateNumber low =
        all.lower()
            .intersect(
                TristateNumber.range(
                    Integer.toUnsignedLong(u32min), Integer.toUnsignedLong(u32max)));
    bits = all.withLower(low);
  }

  private void learnUnsigned32(int min, int max) {
    u32min = maxUnsigned(u32min, min);
    u32max = minUnsigned(u32max, max);
  }

  private void learnSigned32(int min, int max) {
    if (min <= max) {
      s32min = Math.max(s32min, min);
      s32max = Math.min(s32max, max);
    }
  }

  static long minUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  static int minUnsigned(int a, int b) {
    return Integer.compareUnsigned(a, b) <= 0 ? a : b;
  }

  static int maxUnsigned(int a, int b) {
    return Integer.compareUnsigned(a, b) >= 0 ? a : b;
  }
}
