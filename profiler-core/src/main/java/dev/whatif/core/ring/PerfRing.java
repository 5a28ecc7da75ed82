package dev.whatif.core.ring;

import dev.whatif.core.linux.PerfMmapPage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The ring of a perf event: records in the order of their completion, read in place. Confined to
 * one thread.
 *
 * <pre>
 *   a record (struct perf_event_header, include/uapi/linux/perf_event.h)
 *
 *   0        4      6      8                       size
 *   | type   | misc | size | what the type has     |
 *     u32      u16    u16    ... a multiple of 8 in all
 * </pre>
 *
 * <p>All records are multiples of 8 bytes at multiples of 8, so a word never lies across the ring's
 * end; a whole record may, and is then copied together.
 *
 * <p>A size or a position that the kernel cannot have written is counted in {@link #damages}, and
 * everything up to the kernel's position is given up: behind it the next record begins.
 */
public final class PerfRing {

  /** {@code sizeof(struct perf_event_header)}. */
  public static final int HEADER = 8;

  /** The most that a record can have: its size is 16 bits wide. */
  public static final int MOST_BYTES = 1 << 16;

  private static final long ALIGNMENT = 8;
  private static final int MISC_SHIFT = 32;
  private static final long MISC_MASK = 0xffff;
  private static final int SIZE_SHIFT = 48;

  private final MemorySegment page;
  private final MemorySegment data;
  private final long mask;
  private final MemorySegment scratch;
  private long head;
  private long tail;
  private long published;

  /** Of the next record; 0 is none. Read once: what is checked is what is used. */
  private long header;

  private long damages;

  /**
   * A ring over memory that perf writes.
   *
   * @param page {@code struct perf_event_mmap_page}
   * @param data a power of two of bytes
   * @param scratch {@link #MOST_BYTES} to put a record together in; may be shared by rings of one
   *     thread
   */
  public PerfRing(MemorySegment page, MemorySegment data, MemorySegment scratch) {
    this.page = page;
    this.data = data;
    this.mask = data.byteSize() - 1;
    this.scratch = scratch;
  }

  /** Looks how far the kernel has written. */
  public void refresh() {
    long end = PerfMmapPage.head(page);
    boolean possible =
        (end & ALIGNMENT - 1) == 0 && Long.compareUnsigned(end - tail, data.byteSize()) <= 0;
    head = possible ? end : end & -ALIGNMENT;
    if (possible) {
      look();
    } else {
      giveUp();
    }
  }

  /** Whether a record is there that was complete at the last {@link #refresh}. */
  public boolean hasRecord() {
    return header != 0;
  }

  /** {@code PERF_RECORD_...} of the next record. */
  public int type() {
    return (int) header;
  }

  /** {@code PERF_RECORD_MISC_...} of the next record. */
  public int misc() {
    return (int) (header >>> MISC_SHIFT & MISC_MASK);
  }

  /** Bytes of the next record, its header included. */
  public int size() {
    return (int) (header >>> SIZE_SHIFT);
  }

  /** A word of the next record: {@code offset} is a multiple of 8 from its header. */
  public long word(long offset) {
    return data.get(ValueLayout.JAVA_LONG, tail + offset & mask);
  }

  /** Shows the next record, its header included; valid until {@link #consume}. */
  public void show(RecordReader reader) {
    int size = size();
    long at = tail & mask;
    if (at + size <= data.byteSize()) {
      reader.record(data, at, size);
    } else {
      long first = data.byteSize() - at;
      MemorySegment.copy(data, at, scratch, 0, first);
      MemorySegment.copy(data, 0, scratch, first, size - first);
      reader.record(scratch, 0, size);
    }
  }

  /** Done with the next record; gives its room back from time to time. */
  public void consume() {
    tail += size();
    if (tail - published > data.byteSize() / 16) {
      publish();
    }
    look();
  }

  /** Gives the room of all consumed records back to the kernel. */
  public void publish() {
    if (published != tail) {
      PerfMmapPage.tail(page, tail);
      published = tail;
    }
  }

  /** Bytes not read yet. */
  public long waiting() {
    return head - tail;
  }

  /** How often something was found that cannot be, and what was there was given up. */
  public long damages() {
    return damages;
  }

  private void look() {
    if (tail == head) {
      header = 0;
      return;
    }
    header = word(0);
    int size = size();
    if (size < HEADER || size % ALIGNMENT != 0 || size > head - tail) {
      giveUp();
    }
  }

  private void giveUp() {
    damages++;
    tail = head;
    header = 0;
  }
}
