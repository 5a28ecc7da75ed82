package dev.whatif.ebpf.verifier;

/**
 * 64 bits of which some are known: a bit is 0, 1 or unknown (the kernel's <em>tnum</em>,
 * kernel/bpf/tnum.c; Vishwanathan et al., "Sound, Precise, and Fast Abstract Interpretation with
 * Tristate Numbers", CGO 2022). Immutable.
 *
 * @param value the known bits; 0 where unknown
 * @param mask 1 where unknown
 */
record TristateNumber(long value, long mask) {

  static final TristateNumber UNKNOWN = new TristateNumber(0, -1);
  static final TristateNumber ZERO = new TristateNumber(0, 0);

  private static final long LOW = 0xffff_ffffL;

  static TristateNumber constant(long value) {
    return new TristateNumber(value, 0);
  }

  /** The leading bits that all numbers from min to max (unsigned) have in common. */
  static TristateNumber range(long min, long max) {
    long different = min ^ max;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(different);
    if (bits == Long.SIZE) {
      return UNKNOWN;
    }
    long delta = (1L << bits) - 1;
    return new TristateNumber(min & ~delta, delta);
  }

  boolean isConstant() {
    return mask == 0;
  }

  /** Whether a number is one of those that this stands for. */
  boolean contains(long number) {
    return (number & ~mask) == value;
  }

  /** Whether all that another stands for is among what this stands for. */
  boolean includes(TristateNumber other) {
    return (other.mask & ~mask) == 0 && (other.value & ~mask) == value;
  }

  /** Whether some number is among what both stand for. */
  boolean overlaps(TristateNumber other) {
    long known = ~mask & ~other.mask;
    return (value & known) == (other.value & known);
  }

  TristateNumber add(TristateNumber other) {
    long sum = value + other.value;
    long sigma = mask + other.mask + sum;
    return unknown(sum, sigma ^ sum | mask | other.mask);
  }

  TristateNumber subtract(TristateNumber other) {
    long difference = value - other.value;
    long alpha = difference + mask;
    long beta = difference - other.mask;
    return unknown(difference, alpha ^ beta | mask | other.mask);
  }

  /** By adding shifted copies, both with and without where a bit of this is unknown. */
  TristateNumber multiply(TristateNumber other) {
    TristateNumber sum = ZERO;
    TristateNumber shifted = other;
    long v = value;
    long m = mask;
    while ((v | m) != 0) {
      if ((v & 1) != 0) {
        sum = sum.add(shifted);
      } else if ((m & 1) != 0) {
        sum = sum.union(sum.add(shifted));
      }
      v >>>= 1;
      m >>>= 1;
      shifted = shifted.shiftLeft(1);
    }
    return sum;
  }

  TristateNumber and(TristateNumber other) {
    long ones = value & other.value;
    return new TristateNumber(ones, (value | mask) & (other.value | other.mask) & ~ones);
  }

  TristateNumber or(TristateNumber other) {
    long ones = value | other.value;
    return new TristateNumber(ones, (mask | other.mask) & ~ones);
  }

  TristateNumber xor(TristateNumber other) {
    return unknown(value ^ other.value, mask | other.mask);
  }

  TristateNumber shiftLeft(int bits) {
    return new TristateNumber(value << bits, mask << bits);
  }

  TristateNumber shiftRight(int bits) {
    return new TristateNumber(value >>> bits, mask >>> bits);
  }

  /** An unknown sign spreads as unknown bits. */
  TristateNumber shiftRightSigned(int bits) {
    return new TristateNumber(value >> bits, mask >> bits);
  }

  /** The same for the lower half, whose bit 31 is the sign; the upper half of the result is 0. */
  TristateNumber lowerShiftRightSigned(int bits) {
    return new TristateNumber((int) value >> bits & LOW, (int) mask >> bits & LOW);
  }

  /** What both say of the same number; without meaning when they contradict each other. */
  TristateNumber intersect(TristateNumber other) {
    return unknown(value | other.value, mask & other.mask);
  }

  /** What is true of either. */
  TristateNumber union(TristateNumber other) {
    return unknown(value & other.value, value ^ other.value | mask | other.mask);
  }

  /** The lower half, the rest 0. */
  TristateNumber lower() {
    return new TristateNumber(value & LOW, mask & LOW);
  }

  /** This with the lower half of another. */
  TristateNumber withLower(TristateNumber other) {
    return new TristateNumber(value & ~LOW | other.value & LOW, mask & ~LOW | other.mask & LOW);
  }

  /** The lowest bytes, the rest 0. */
  TristateNumber truncate(int bytes) {
    if (bytes == Long.BYTES) {
      return this;
    }
    long keep = (1L << bytes * 8) - 1;
    return new TristateNumber(value & keep, mask & keep);
  }

  private static TristateNumber unknown(long value, long mask) {
    return new TristateNumber(value & ~mask, mask);
  }

  @Override
  public String toString() {
    return isConstant() ? "0x%x".formatted(value) : "(0x%x; 0x%x)".formatted(value, mask);
  }
}
