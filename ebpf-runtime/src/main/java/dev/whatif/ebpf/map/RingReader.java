package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import dev.whatif.core.ring.RecordReader;
import java.lang.foreign.MemorySegment;
import java.util.function.IntPredicate;

/**
 * Reads what programs put into one ring, in place and in the order of reservation. One thread at a
 * time, and one reader of a ring.
 *
 * <p><b>Nothing is lost in silence.</b> A record that had no room is in {@link #dropped}; one whose
 * writer has died before it ended it is skipped and in {@link #abandoned}; one whose writer stands
 * still is waited for, and so are those behind it. All others are shown, or were {@link #discarded}
 * by their writers. What cannot be is given up and counted in {@link #damages}.
 */
public final class RingReader {

  private final Ring ring;
  private final IntPredicate live;
  private final MemorySegment data;
  private long position;
  private long records;
  private long bytes;
  private long discarded;
  private long abandoned;
  private long damages;

  RingReader(Ring ring, IntPredicate live) {
    this.ring = ring;
    this.live = live;
    this.data = RawMemory.segment(ring.data(), 2 * ring.size());
    this.position = ring.consumer() & -RingLayout.ALIGNMENT;
  }

  /**
   * Begins where the last reader has stopped. The map must stay open.
   *
   * @param live whether the thread of a slot may still be running
   */
  public static RingReader of(RingMap map, IntPredicate live) {
    return new RingReader(map.ring(), live);
  }

  /** The ring of one slot. */
  public static RingReader of(PerfEventMap map, int slot, IntPredicate live) {
    return new RingReader(map.ring(slot), live);
  }

  /**
   * Reads everything up to the first record that is still being written; never waits.
   *
   * @param reader what it throws ends the reading, and that record is not shown again
   * @return records shown
   */
  public long read(RecordReader reader) {
    return read(reader, Long.MAX_VALUE);
  }

  /** The same, but at most so many records. */
  public long read(RecordReader reader, long most) {
    ring.help();
    long before = records;
    long end = produced();
    while (position != end && records - before < most) {
      long found = RawMemory.getLongAcquire(ring.descriptor(position));
      int state = RingLayout.state(found);
      int length = RingLayout.length(found);
      long taken = RingLayout.taken(length);
      if (state == RingLayout.FREE
          || RingLayout.lap(found) != ring.lap(position)
          || taken > end - position) {
        giveUp(end);
        break;
      }
      if (state == RingLayout.BUSY) {
        if (live.test(RingLayout.slot(found)) || !ring.abandon(position, found)) {
          break;
        }
        abandoned++;
        consume(taken);
      } else if (state == RingLayout.DISCARDED) {
        if (RingLayout.slot(found) == RingLayout.ABANDONED_SLOT) {
          abandoned++;
        } else {
          discarded++;
        }
        consume(taken);
      } else {
        records++;
        bytes += length;
        try {
          reader.record(data, (position & ring.size() - 1) + RingLayout.HEADER, length);
        } finally {
          consume(taken);
        }
      }
    }
    return records - before;
  }

  /** Gives the room of the record back. */
  private void consume(long taken) {
    RawMemory.putLongRelease(
        ring.descriptor(position),
        RingLayout.descriptor(RingLayout.FREE, 0, ring.lap(position), 0));
    position += taken;
    ring.consumer(position);
  }

  /** Where the producers are, if that can be. */
  private long produced() {
    long end = ring.producer();
    if (end % RingLayout.ALIGNMENT != 0 || Long.compareUnsigned(end - position, ring.size()) > 0) {
      giveUp(end & -RingLayout.ALIGNMENT);
      return position;
    }
    return end;
  }

  private void giveUp(long end) {
    damages++;
    RawMemory.clear(ring.descriptor(0), ring.size());
    position = end;
    ring.consumer(end);
  }

  /** Records shown. */
  public long records() {
    return records;
  }

  /** Bytes of them. */
  public long bytes() {
    return bytes;
  }

  /** Records that their writers gave up. */
  public long discarded() {
    return discarded;
  }

  /** Records skipped because their writers have died. */
  public long abandoned() {
    return abandoned;
  }

  /** Records that had no room, since the map was made. */
  public long dropped() {
    return ring.dropped();
  }

  /** How often the ring held what no writer writes. */
  public long damages() {
    return damages;
  }

  /** Bytes not read yet, of records that are being written too. */
  public long waiting() {
    return ring.producer() - position;
  }
}
