package dev.whatif.core.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * {@code struct perf_event_mmap_page}: the first page of a mapped event, the rest is the ring.
 *
 * <pre>
 *   | page 0: ... data_head @1024, data_tail @1032 | pages 1 .. 2^n: records |
 * </pre>
 *
 * <p>head and tail only grow; their remainder by the ring's size is the place. The kernel publishes
 * head after the bytes (read it with acquire), the reader publishes tail after it has read them
 * (write it with release): tools/perf/Documentation of the ring buffer protocol in the header.
 */
public final class PerfMmapPage {

  public static final long DATA_HEAD = 1024;
  public static final long DATA_TAIL = 1032;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private PerfMmapPage() {}

  /** How far the kernel has written. */
  public static long head(MemorySegment page) {
    return (long) LONG.getAcquire(page, DATA_HEAD);
  }

  /** Tells the kernel how far the ring has been read. */
  public static void tail(MemorySegment page, long position) {
    LONG.setRelease(page, DATA_TAIL, position);
  }
}
