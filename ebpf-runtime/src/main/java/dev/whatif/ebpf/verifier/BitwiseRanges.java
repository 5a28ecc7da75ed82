package dev.whatif.ebpf.verifier;

/** And, or, xor of ranges: mostly known bit by bit, with one bound from the operands each. */
final class BitwiseRanges {

  private BitwiseRanges() {}

  static RangeBuilder and(ScalarRange a, ScalarRange b) {
    RangeBuilder r = of(a.bits().and(b.bits()));
    r.umax = RangeBuilder.minUnsigned(r.umax, RangeBuilder.minUnsigned(a.umax(), b.umax()));
    r.u32max = RangeBuilder.minUnsigned(r.u32max, RangeBuilder.minUnsigned(a.u32max(), b.u32max()));
    return r;
  }

  static RangeBuilder or(ScalarRange a, ScalarRange b) {
    RangeBuilder r = of(a.bits().or(b.bits()));
    r.umin = RangeBuilder.maxUnsigned(r.umin, RangeBuilder.maxUnsigned(a.umin(), b.umin()));
    r.u32min = RangeBuilder.maxUnsigned(r.u32min, RangeBuilder.maxUnsigned(a.u32min(), b.u32min()));
    return r;
  }

  static RangeBuilder xor(ScalarRange a, ScalarRange b) {
    return of(a.bits().xor(b.bits()));
  }

  private static RangeBuilder of(TristateNumber bits) {
    RangeBuilder r = new RangeBuilder(ScalarRange.UNKNOWN);
    r.bits = bits;
    r.umin = bits.value();
    r.umax = bits.value() | bits.mask();
    r.u32min = (int) bits.value();
    r.u32max = (int) (bits.value() | bits.mask());
    return r;
  }
}
