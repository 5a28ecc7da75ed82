package dev.whatif.ebpf.verifier;

/**
 * What is known of a 64-bit number, seen in five ways at once, as in the kernel ({@code struct
 * bpf_reg_state}): its bits, its value signed and unsigned, and that of its lower half signed and
 * unsigned. Each way says something that the others cannot; {@link RangeBuilder} lets them learn
 * from each other. Immutable.
 *
 * <p>A number is one of those that this stands for when all five agree. There may be none: such
 * ranges arise on branches that are never taken.
 *
 * @param bits bit by bit
 * @param smin signed, and so on; {@code u} is unsigned, {@code 32} means the lower half
 */
record ScalarRange(
    TristateNumber bits,
    long smin,
    long smax,
    long umin,
    long umax,
    int s32min,
    int s32max,
    int u32min,
    int u32max) {

  static final ScalarRange UNKNOWN =
      new ScalarRange(
          TristateNumber.UNKNOWN,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          0,
          -1,
          Integer.MIN_VALUE,
          Integer.MAX_VALUE,
          0,
          -1);

  static final ScalarRange ZERO = constant(0);

  private static final ScalarRange[] UNSIGNED = {
    between(0, 0xff), between(0, 0xffff), between(0, 0xffff_ffffL)
  };
  private static final ScalarRange[] SIGNED = {
    between(Byte.MIN_VALUE, Byte.MAX_VALUE),
    between(Short.MIN_VALUE, Short.MAX_VALUE),
    between(Integer.MIN_VALUE, Integer.MAX_VALUE)
  };

  static ScalarRange constant(long value) {
    int low = (int) value;
    return new ScalarRange(
        TristateNumber.constant(value), value, value, value, value, low, low, low, low);
  }

  /** From min to max, signed. */
  static ScalarRange between(long min, long max) {
    RangeBuilder range = new RangeBuilder(UNKNOWN);
    range.smin = min;
    range.smax = max;
    return range.build();
  }

  /** What a load of some bytes can give. */
  static ScalarRange loaded(int bytes, boolean signed) {
    return switch (bytes) {
      case 1 -> signed ? SIGNED[0] : UNSIGNED[0];
      case 2 -> signed ? SIGNED[1] : UNSIGNED[1];
      case 4 -> signed ? SIGNED[2] : UNSIGNED[2];
      default -> UNKNOWN;
    };
  }

  boolean isConstant() {
    return bits.isConstant();
  }

  /** Whether the lower half is known. */
  boolean isLowerConstant() {
    return (int) bits.mask() == 0;
  }

  /** The number, when there is only one. */
  long value() {
    return bits.value();
  }

  boolean isZero() {
    return bits.isConstant() && bits.value() == 0;
  }

  boolean contains(long number) {
    int low = (int) number;
    return bits.contains(number)
        && number >= smin
        && number <= smax
        && Long.compareUnsigned(number, umin) >= 0
        && Long.compareUnsigned(number, umax) <= 0
        && low >= s32min
        && low <= s32max
        && Integer.compareUnsigned(low, u32min) >= 0
        && Integer.compareUnsigned(low, u32max) <= 0;
  }

  /** Whether this says nothing that another, smaller range would not satisfy. */
  boolean includes(ScalarRange other) {
    return smin <= other.smin
        && smax >= other.smax
        && Long.compareUnsigned(umin, other.umin) <= 0
        && Long.compareUnsigned(umax, other.umax) >= 0
        && s32min <= other.s32min
        && s32max >= other.s32max
        && Integer.compareUnsigned(u32min, other.u32min) <= 0
        && Integer.compareUnsigned(u32max, other.u32max) >= 0
        && bits.includes(other.bits);
  }

  /** Whether the ways contradict each other openly: no number is meant. */
  boolean isEmpty() {
    return smin > smax
        || Long.compareUnsigned(umin, umax) > 0
        || s32min > s32max
        || Integer.compareUnsigned(u32min, u32max) > 0
        || isConstant() && (value() != umin || value() != smin);
  }

  /** Whether the upper half is certainly 0 or the number is certainly as narrow as some bits. */
  boolean fits(int bits64) {
    return bits64 >= Long.SIZE || Long.compareUnsigned(umax, 1L << bits64) < 0;
  }

  /** The lower half, the upper half 0: what a 32-bit operation leaves. */
  ScalarRange zeroExtended() {
    RangeBuilder range = new RangeBuilder(this);
    range.zeroExtend();
    return range.build();
  }

  /** The lowest bytes, the rest 0. */
  ScalarRange truncated(int bytes) {
    if (bytes == Long.BYTES) {
      return this;
    }
    if (bytes == Integer.BYTES) {
      return zeroExtended();
    }
    if (fits(bytes * 8)) {
      return this;
    }
    TristateNumber low = bits.truncate(bytes);
    long keep = (1L << bytes * 8) - 1;
    RangeBuilder range = new RangeBuilder(UNKNOWN);
    range.bits = low;
    boolean sameAbove = (umin & ~keep) == (umax & ~keep);
    range.umin = sameAbove ? umin & keep : 0;
    range.umax = sameAbove ? umax & keep : keep;
    return range.build();
  }

  /**
   * The lowest bytes with their sign spread over all 64 bits. The kernel learns nothing from the
   * bounds of the lower half here ({@code coerce_reg_to_size_sx}), and so nothing is learnt.
   */
  ScalarRange signExtended(int bytes) {
    int shift = Long.SIZE - bytes * 8;
    if (isConstant()) {
      return constant(value() << shift >> shift);
    }
    long least = -1L << bytes * 8 - 1;
    if (smin >= least && smax <= ~least) {
      return this;
    }
    boolean sameAbove = smin >> bytes * 8 == smax >> bytes * 8;
    long low = smin << shift >> shift;
    long high = smax << shift >> shift;
    return sameAbove && low <= high ? between(low, high) : loaded(bytes, true);
  }

  /** In a C programmer's words: {@code 7}, {@code 0..255}, {@code any number}. */
  String text() {
    if (isConstant()) {
      return value() >= -4096 && value() <= 4096 ? "" + value() : "0x%x".formatted(value());
    }
    if (smin == Long.MIN_VALUE && smax == Long.MAX_VALUE && umin == 0 && umax == -1) {
      return bits.equals(TristateNumber.UNKNOWN) ? "any number" : "any number with bits " + bits;
    }
    if (smin >= 0) {
      return "%d..%d".formatted(smin, smax);
    }
    if (umin == 0 && umax == -1) {
      return "%d..%d (signed)".formatted(smin, smax);
    }
    return "0x%x..0x%x".formatted(umin, umax);
  }
}
