package dev.whatif.core.sample;

import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfMmapPage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The ring of one CPU: records in the order of their completion, read in place.
 *
 * <p>All records are multiples of 8 bytes at multiples of 8, so a word never lies across the ring's
 * end; a whole record may, and is then copied together. Confined to the drain thread.
 */
final class PerfRing {

  private static final long HEADER_SIZE_SHIFT = 48;

  private final MemorySegment page;
  private final MemorySegment data;
  private final long mask;
  private final MemorySegment scratch;
  private long head;
  private long tail;
  private long published;

  /**
   * A ring over memory that perf writes.
   *
   * @param scratch 64 KiB to put a record together in; may be shared by rings of one thread
   */
  PerfRing(MemorySegment page, MemorySegment data, MemorySegment scratch) {
    this.page = page;
    this.data = data;
    this.mask = data.byteSize() - 1;
    this.scratch = scratch;
  }

  /** Looks how far the kernel has written. */
  void refresh() {
    head = PerfMmapPage.head(page);
  }

  /** Whether a record is there that was complete at the last {@link #refresh}. */
  boolean hasRecord() {
    return tail != head;
  }

  /** When the next record was made; CLOCK_MONOTONIC. */
  long time() {
    long header = word(0);
    long size = header >>> HEADER_SIZE_SHIFT;
    return (int) header == PerfEvent.PERF_RECORD_SAMPLE
        ? word(TaskClock.SAMPLE_TIME)
        : word(size - TaskClock.TRAILER_TIME);
  }

  /** Shows the next record; valid until {@link #consume}. */
  void show(PerfRecord record) {
    long size = word(0) >>> HEADER_SIZE_SHIFT;
    long at = tail & mask;
    if (at + size <= data.byteSize()) {
      record.reset(data, at, size);
    } else {
      long first = data.byteSize() - at;
      MemorySegment.copy(data, at, scratch, 0, first);
      MemorySegment.copy(data, 0, scratch, first, size - first);
      record.reset(scratch, 0, size);
    }
  }

  /** Done with the next record; gives its room back from time to time. */
  void consume() {
    tail += word(0) >>> HEADER_SIZE_SHIFT;
    if (tail - published > data.byteSize() / 16) {
      publish();
    }
  }

  /** Gives the room of all consumed records back to the kernel. */
  void publish() {
    if (published != tail) {
      PerfMmapPage.tail(page, tail);
      published = tail;
    }
  }

  /** Bytes not read yet. */
  long waiting() {
    return head - tail;
  }

  private long word(long offset) {
    return data.get(ValueLayout.JAVA_LONG, tail + offset & mask);
  }
}
