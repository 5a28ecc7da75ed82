package dev.whatif.ebpf.verifier;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random knowledge of numbers, with numbers that it holds for. */
final class AbstractNumbers {

  /**
   * Some knowledge.
   *
   * @param member one of the numbers that it holds for
   */
  record Known(ScalarRange range, long member) {}

  /** Some known bits and a number that has them. */
  record Bits(TristateNumber bits, long member) {}

  private AbstractNumbers() {}

  /** Edges are more likely than the rest. */
  static Arbitrary<Long> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.longs(),
        Arbitraries.longs().between(-70, 70),
        Arbitraries.integers().map(Integer::longValue),
        Arbitraries.integers().map(Integer::toUnsignedLong),
        Arbitraries.of(
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            (long) Integer.MAX_VALUE,
            0xffff_ffffL,
            1L << 32,
            0x8000_0000L,
            -1L << 32));
  }

  static Arbitrary<Bits> bits() {
    return Combinators.combine(numbers(), numbers())
        .as((member, mask) -> new Bits(new TristateNumber(member & ~mask, mask), member));
  }

  /** Knowledge of every kind around a number: bits, and bounds in each of the four ways. */
  static Arbitrary<Known> ranges() {
    return Combinators.combine(
            numbers(), numbers(), numbers(), numbers(), Arbitraries.integers().between(0, 31))
        .as(AbstractNumbers::around);
  }

  private static Known around(long member, long mask, long a, long b, int ways) {
    RangeBuilder range = new RangeBuilder(ScalarRange.UNKNOWN);
    if ((ways & 1) != 0) {
      range.bits = new TristateNumber(member & ~mask, mask);
    }
    if ((ways & 2) != 0) {
      range.smin = Math.min(member, a);
      range.smax = Math.max(member, b);
    }
    if ((ways & 4) != 0) {
      range.umin = RangeBuilder.minUnsigned(member, a);
      range.umax = RangeBuilder.maxUnsigned(member, b);
    }
    if ((ways & 8) != 0) {
      range.s32min = Math.min((int) member, (int) a);
      range.s32max = Math.max((int) member, (int) b);
    }
    if ((ways & 16) != 0) {
      range.u32min = RangeBuilder.minUnsigned((int) member, (int) a);
      range.u32max = RangeBuilder.maxUnsigned((int) member, (int) b);
    }
    return new Known(range.build(), member);
  }
}
