package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.linux.RawMemory;

/**
 * How nanoseconds follow from the time stamp counter, until the next line begins.
 *
 * @param baseTsc where it begins
 * @param baseNanos CLOCK_MONOTONIC there
 * @param multiplier unsigned
 * @param shift 1 to 63
 */
record ClockLine(long baseTsc, long baseNanos, long multiplier, int shift) {

  private static final int WIDEST_SHIFT = 62;

  /**
   * A line from a point on.
   *
   * @param rate nanoseconds of one tick, above 0
   */
  static ClockLine of(long baseTsc, long baseNanos, double rate) {
    int shift = WIDEST_SHIFT;
    while (shift > 1 && rate >= 1L << WIDEST_SHIFT - shift + 1) {
      shift--; // a counter that is slower than 500 MHz
    }
    return new ClockLine(baseTsc, baseNanos, (long) Math.scalb(rate, shift), shift);
  }

  /** What the helper returns at a moment. */
  long nanosAt(long tsc) {
    long ticks = Math.max(0, tsc - baseTsc);
    long high = Math.unsignedMultiplyHigh(ticks, multiplier);
    return baseNanos + (ticks * multiplier >>> shift | high << Long.SIZE - shift);
  }

  void write(long address) {
    RawMemory.putLong(address + ParametersLayout.BASE_TSC_OFFSET, baseTsc);
    RawMemory.putLong(address + ParametersLayout.BASE_NANOS_OFFSET, baseNanos);
    RawMemory.putLong(address + ParametersLayout.MULTIPLIER_OFFSET, multiplier);
    RawMemory.putLong(address + ParametersLayout.SHIFT_OFFSET, shift);
  }
}
