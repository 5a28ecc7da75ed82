package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct perf_event_attr}, filled by name. Its memory lives as long as the arena given.
 *
 * <p>The flags are bit fields of one 64-bit word at offset 40; their numbers here are checked
 * against the compiler's.
 */
public final class PerfEventAttr {

  /** {@code sizeof}; older kernels accept it when what they do not know is zero. */
  public static final long BYTES = 128;

  public static final long TYPE = 0;
  public static final long SIZE = 4;
  public static final long CONFIG = 8;
  public static final long SAMPLE_PERIOD = 16;
  public static final long SAMPLE_TYPE = 24;
  public static final long READ_FORMAT = 32;
  public static final long FLAGS = 40;

  /** Or {@code wakeup_events}: a union. */
  public static final long WAKEUP_WATERMARK = 48;

  public static final long CONFIG1 = 56;
  public static final long CONFIG2 = 64;
  public static final long SAMPLE_REGS_USER = 80;
  public static final long SAMPLE_STACK_USER = 88;
  public static final long CLOCKID = 92;

  /** A bit of the flags word. */
  public enum Flag {
    DISABLED(0),
    INHERIT(1),
    EXCLUDE_KERNEL(5),
    EXCLUDE_HV(6),
    MMAP(8),
    COMM(9),
    ENABLE_ON_EXEC(12),
    TASK(13),
    WATERMARK(14),
    SAMPLE_ID_ALL(18),
    EXCLUDE_CALLCHAIN_KERNEL(21),
    EXCLUDE_CALLCHAIN_USER(22),
    MMAP2(23),
    COMM_EXEC(24),
    USE_CLOCKID(25);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }

    /** Its number in the word. */
    public int bit() {
      return bit;
    }
  }

  private final MemorySegment segment;

  /** All zero but the size. */
  public PerfEventAttr(Arena arena) {
    segment = arena.allocate(BYTES, 8);
    segment.set(ValueLayout.JAVA_INT, SIZE, (int) BYTES);
  }

  /** The struct. */
  public MemorySegment segment() {
    return segment;
  }

  /** Sets {@code type} and {@code config}. */
  public PerfEventAttr event(int type, long config) {
    segment.set(ValueLayout.JAVA_INT, TYPE, type);
    segment.set(ValueLayout.JAVA_LONG, CONFIG, config);
    return this;
  }

  /** Sets {@code config1} and {@code config2}: for a uprobe its path and offset. */
  public PerfEventAttr place(long config1, long config2) {
    segment.set(ValueLayout.JAVA_LONG, CONFIG1, config1);
    segment.set(ValueLayout.JAVA_LONG, CONFIG2, config2);
    return this;
  }

  /** Sets {@code sample_period}. */
  public PerfEventAttr samplePeriod(long period) {
    segment.set(ValueLayout.JAVA_LONG, SAMPLE_PERIOD, period);
    return this;
  }

  /** Sets {@code sample_type}. */
  public PerfEventAttr sampleType(long mask) {
    segment.set(ValueLayout.JAVA_LONG, SAMPLE_TYPE, mask);
    return this;
  }

  /** Sets {@code read_format}. */
  public PerfEventAttr readFormat(long mask) {
    segment.set(ValueLayout.JAVA_LONG, READ_FORMAT, mask);
    return this;
  }

  /** Sets a flag. */
  public PerfEventAttr with(Flag flag, boolean on) {
    long word = segment.get(ValueLayout.JAVA_LONG, FLAGS);
    long bit = 1L << flag.bit();
    segment.set(ValueLayout.JAVA_LONG, FLAGS, on ? word | bit : word & ~bit);
    return this;
  }

  /** Sets flags. */
  public PerfEventAttr with(Flag... flags) {
    for (Flag flag : flags) {
      with(flag, true);
    }
    return this;
  }

  /** Sets {@code wakeup_watermark}, in bytes, and its flag. */
  public PerfEventAttr wakeupWatermark(int bytes) {
    segment.set(ValueLayout.JAVA_INT, WAKEUP_WATERMARK, bytes);
    return with(Flag.WATERMARK);
  }

  /** Sets {@code wakeup_events}: samples after which the reader is woken. */
  public PerfEventAttr wakeupEvents(int samples) {
    segment.set(ValueLayout.JAVA_INT, WAKEUP_WATERMARK, samples);
    return with(Flag.WATERMARK, false);
  }

  /** Sets {@code sample_regs_user}: bits are those of {@code asm/perf_regs.h}. */
  public PerfEventAttr userRegisters(long mask) {
    segment.set(ValueLayout.JAVA_LONG, SAMPLE_REGS_USER, mask);
    return this;
  }

  /** Sets {@code sample_stack_user}: bytes, a multiple of 8 below 65536. */
  public PerfEventAttr userStack(int bytes) {
    segment.set(ValueLayout.JAVA_INT, SAMPLE_STACK_USER, bytes);
    return this;
  }

  /** Sets {@code clockid} and its flag. */
  public PerfEventAttr clock(int clock) {
    segment.set(ValueLayout.JAVA_INT, CLOCKID, clock);
    return with(Flag.USE_CLOCKID);
  }
}
