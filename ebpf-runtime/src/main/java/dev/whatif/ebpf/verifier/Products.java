package dev.whatif.ebpf.verifier;

/** Products of ranges: the extremes are among the products of the bounds unless one overflows. */
final class Products {

  private Products() {}

  static RangeBuilder multiply(ScalarRange a, ScalarRange b) {
    RangeBuilder r = new RangeBuilder(ScalarRange.UNKNOWN);
    r.bits = a.bits().multiply(b.bits());
    if (Math.unsignedMultiplyHigh(a.umax(), b.umax()) == 0) {
      r.umin = a.umin() * b.umin();
      r.umax = a.umax() * b.umax();
    }
    signed(r, a, b);
    long u32max = Integer.toUnsignedLong(a.u32max()) * Integer.toUnsignedLong(b.u32max());
    if (u32max >>> 32 == 0) {
      r.u32min = a.u32min() * b.u32min();
      r.u32max = (int) u32max;
    }
    signed32(r, a, b);
    return r;
  }

  private static void signed(RangeBuilder r, ScalarRange a, ScalarRange b) {
    long[] x = {a.smin(), a.smin(), a.smax(), a.smax()};
    long[] y = {b.smin(), b.smax(), b.smin(), b.smax()};
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < x.length; i++) {
      long product = x[i] * y[i];
      if (Math.multiplyHigh(x[i], y[i]) != product >> 63) {
        return;
      }
      min = Math.min(min, product);
      max = Math.max(max, product);
    }
    r.smin = min;
    r.smax = max;
  }

  private static void signed32(RangeBuilder r, ScalarRange a, ScalarRange b) {
    long p = (long) a.s32min() * b.s32min();
    long q = (long) a.s32min() * b.s32max();
    long s = (long) a.s32max() * b.s32min();
    long t = (long) a.s32max() * b.s32max();
    long min = Math.min(Math.min(p, q), Math.min(s, t));
    long max = Math.max(Math.max(p, q), Math.max(s, t));
    if (min == (int) min && max == (int) max) {
      r.s32min = (int) min;
      r.s32max = (int) max;
    }
  }
}
