package dev.whatif.ebpf.bpfhelper.code;

/**
 * What all calls in one process share, beside maps: a block of memory whose address is in each
 * invocation block. Whoever attaches programs to a process writes it, from inside or through shared
 * memory; addresses in it are that process's.
 *
 * <pre>
 *    0   u32  version of the clock: its lowest bit says which line holds
 *    4   u32  unused
 *    8   line 0 of the clock
 *   40   line 1
 *   72   i64  nanoseconds from CLOCK_MONOTONIC to CLOCK_BOOTTIME
 *   80   u64  address of a ring map, which gets what bpf_trace_printk prints; 0 for none
 *   88   u64  texts of bpf_trace_printk that found no ring, or no room in it
 *   96   u64  address of a table of entries: where program 1, 2, ... begins, 0 for none
 *  104   u32  entries in the table
 *  108   u32  unused
 *  128
 *
 *   a line:  nanoseconds = base + ((TSC - base TSC) * multiplier >> shift), of 128 bits
 *
 *    0          8                  16           24          32
 *   +----------+------------------+------------+-----------+
 *   | base TSC | base nanoseconds | multiplier | shift     |   CLOCK_MONOTONIC
 *   +----------+------------------+------------+-----------+
 * </pre>
 *
 * <p>The clock is changed while it is read: the line that does not hold is written, then the
 * version goes up by one. Who reads takes the line that holds, and again when the version is
 * another one afterwards. So no reader waits for a writer that has stopped.
 *
 * <p>A text in the ring is one record: up to 1,023 characters and the byte that ends them.
 */
public final class ParametersLayout {

  public static final int CLOCK_VERSION_OFFSET = 0;
  public static final int LINES_OFFSET = CLOCK_VERSION_OFFSET + 2 * Integer.BYTES;

  public static final int BASE_TSC_OFFSET = 0;
  public static final int BASE_NANOS_OFFSET = BASE_TSC_OFFSET + Long.BYTES;
  public static final int MULTIPLIER_OFFSET = BASE_NANOS_OFFSET + Long.BYTES;

  /** 1 to 63. */
  public static final int SHIFT_OFFSET = MULTIPLIER_OFFSET + Long.BYTES;

  public static final int LINE_BYTES_LOG2 = 5;
  public static final int LINE_BYTES = 1 << LINE_BYTES_LOG2;

  public static final int BOOT_OFFSET = LINES_OFFSET + 2 * LINE_BYTES;
  public static final int TRACE_RING_OFFSET = BOOT_OFFSET + Long.BYTES;
  public static final int TRACE_DROPPED_OFFSET = TRACE_RING_OFFSET + Long.BYTES;
  public static final int PROGRAMS_OFFSET = TRACE_DROPPED_OFFSET + Long.BYTES;
  public static final int PROGRAM_COUNT_OFFSET = PROGRAMS_OFFSET + Long.BYTES;
  public static final int BYTES = 128;

  /** MAX_BPRINTF_BUF of include/linux/bpf.h: the longest text of bpf_trace_printk, with its end. */
  public static final int LONGEST_TRACE = 1024;

  private ParametersLayout() {}

  /** Where line 0 or 1 begins. */
  static int line(int number) {
    return LINES_OFFSET + number * LINE_BYTES;
  }
}
