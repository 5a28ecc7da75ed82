package dev.whatif.ebpf.verifier;

/**
 * Shifts of ranges by a known number of bits. What shifts do to one half is not derived for the
 * other, except through the bits.
 */
final class ShiftRanges {

  private ShiftRanges() {}

  static RangeBuilder left64(ScalarRange a, int by) {
    RangeBuilder r = unknown(a.bits().shiftLeft(by));
    if (by == Integer.SIZE) {
      // how compilers extend the sign: the lower half goes up and comes back
      r.smin = (long) a.s32min() << by;
      r.smax = (long) a.s32max() << by;
    }
    if (by == 0 || Long.compareUnsigned(a.umax(), 1L << Long.SIZE - 1 - by) <= 0) {
      r.umin = a.umin() << by;
      r.umax = a.umax() << by;
    }
    narrowLeft(r, a, by);
    return r;
  }

  static RangeBuilder left32(ScalarRange a, int by) {
    RangeBuilder r = unknown(a.bits().lower().shiftLeft(by));
    narrowLeft(r, a, by);
    return r;
  }

  static RangeBuilder right64(ScalarRange a, int by) {
    RangeBuilder r = unknown(a.bits().shiftRight(by));
    r.umin = a.umin() >>> by;
    r.umax = a.umax() >>> by;
    return r;
  }

  static RangeBuilder right32(ScalarRange a, int by) {
    RangeBuilder r = unknown(a.bits().lower().shiftRight(by));
    r.u32min = a.u32min() >>> by;
    r.u32max = a.u32max() >>> by;
    return r;
  }

  static RangeBuilder signed64(ScalarRange a, int by) {
    RangeBuilder r = unknown(a.bits().shiftRightSigned(by));
    r.smin = a.smin() >> by;
    r.smax = a.smax() >> by;
    return r;
  }

  static RangeBuilder signed32(ScalarRange a, int by) {
    RangeBuilder r = unknown(a.bits().lowerShiftRightSigned(by));
    r.s32min = a.s32min() >> by;
    r.s32max = a.s32max() >> by;
    return r;
  }

  private static void narrowLeft(RangeBuilder r, ScalarRange a, int by) {
    if (by < Integer.SIZE && Integer.toUnsignedLong(a.u32max()) <= 1L << Integer.SIZE - 1 - by) {
      r.u32min = a.u32min() << by;
      r.u32max = a.u32max() << by;
    }
  }

  private static RangeBuilder unknown(TristateNumber bits) {
    RangeBuilder r = new RangeBuilder(ScalarRange.UNKNOWN);
    r.bits = bits;
    return r;
  }
}
