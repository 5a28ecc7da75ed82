package dev.whatif.ebpf.verifier;

/** Sums and differences of ranges; bounds hold unless only some of the results overflow. */
final class Sums {

  private Sums() {}

  static RangeBuilder add(ScalarRange a, ScalarRange b) {
    RangeBuilder r = new RangeBuilder(ScalarRange.UNKNOWN);
    r.bits = a.bits().add(b.bits());
    long smin = a.smin() + b.smin();
    long smax = a.smax() + b.smax();
    if (!overflows(a.smin(), b.smin(), smin) && !overflows(a.smax(), b.smax(), smax)) {
      r.smin = smin;
      r.smax = smax;
    }
    long umin = a.umin() + b.umin();
    long umax = a.umax() + b.umax();
    if (Long.compareUnsigned(umin, a.umin()) < 0 == Long.compareUnsigned(umax, a.umax()) < 0) {
      r.umin = umin;
      r.umax = umax;
    }
    long s32min = (long) a.s32min() + b.s32min();
    long s32max = (long) a.s32max() + b.s32max();
    if (s32min == (int) s32min && s32max == (int) s32max) {
      r.s32min = (int) s32min;
      r.s32max = (int) s32max;
    }
    int u32min = a.u32min() + b.u32min();
    int u32max = a.u32max() + b.u32max();
    if (Integer.compareUnsigned(u32min, a.u32min()) < 0
        == Integer.compareUnsigned(u32max, a.u32max()) < 0) {
      r.u32min = u32min;
      r.u32max = u32max;
    }
    return r;
  }

  static RangeBuilder subtract(ScalarRange a, ScalarRange b) {
    RangeBuilder r = new RangeBuilder(ScalarRange.UNKNOWN);
    r.bits = a.bits().subtract(b.bits());
    long smin = a.smin() - b.smax();
    long smax = a.smax() - b.smin();
    if (!underflows(a.smin(), b.smax(), smin) && !underflows(a.smax(), b.smin(), smax)) {
      r.smin = smin;
      r.smax = smax;
    }
    if (Long.compareUnsigned(a.umin(), b.umax()) < 0
        == Long.compareUnsigned(a.umax(), b.umin()) < 0) {
      r.umin = a.umin() - b.umax();
      r.umax = a.umax() - b.umin();
    }
    long s32min = (long) a.s32min() - b.s32max();
    long s32max = (long) a.s32max() - b.s32min();
    if (s32min == (int) s32min && s32max == (int) s32max) {
      r.s32min = (int) s32min;
      r.s32max = (int) s32max;
    }
    if (Integer.compareUnsigned(a.u32min(), b.u32max()) < 0
        == Integer.compareUnsigned(a.u32max(), b.u32min()) < 0) {
      r.u32min = a.u32min() - b.u32max();
      r.u32max = a.u32max() - b.u32min();
    }
    return r;
  }

  private static boolean overflows(long a, long b, long sum) {
    return ((a ^ sum) & (b ^ sum)) < 0;
  }

  private static boolean underflows(long a, long b, long difference) {
    return ((a ^ b) & (a ^ difference)) < 0;
  }
}
