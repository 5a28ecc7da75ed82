package dev.whatif.ebpf.map;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.linux.RawMemory;
import java.util.function.IntPredicate;

/**
 * The writing side of one ring: many threads of many processes at once, none of which waits.
 *
 * <p>A record is reserved in two steps: a compare-and-set of its descriptor says how long it is and
 * whose; another one moves the producer position behind it. The second step can be made by anybody,
 * from what the descriptor says, so that a thread which stops between the two holds up nobody, and
 * one that dies there leaves a record that is known to be its own.
 */
final class Ring {

  /** A record longer than that was never possible in the kernel: RINGBUF_MAX_RECORD_SZ. */
  private static final long MOST_LENGTH = 0xffff_ffffL / 4;

  private final long ring;
  private final long size;
  private final int log2;

  Ring(long ring, long size) {
    this.ring = ring;
    this.size = size;
    this.log2 = Long.numberOfTrailingZeros(size);
  }

  static void initialise(long ring, long size) {
    RawMemory.putLong(ring + RingLayout.SIZE_OFFSET, size);
    RawMemory.putLong(ring + RingLayout.SIZE_LOG2_OFFSET, Long.numberOfTrailingZeros(size));
  }

  long size() {
    return size;
  }

  long consumer() {
    return RawMemory.getLongAcquire(ring + RingLayout.CONSUMER_OFFSET);
  }

  void consumer(long position) {
    RawMemory.putLongRelease(ring + RingLayout.CONSUMER_OFFSET, position);
  }

  long producer() {
    return RawMemory.getLongAcquire(ring + RingLayout.PRODUCER_OFFSET);
  }

  long dropped() {
    return RawMemory.getLongAcquire(ring + RingLayout.DROPPED_OFFSET);
  }

  long abandoned() {
    return RawMemory.getLongAcquire(ring + RingLayout.ABANDONED_OFFSET);
  }

  /** Where the descriptor of a position lies. */
  long descriptor(long position) {
    if (position % RingLayout.ALIGNMENT != 0) {
      throw damaged("position " + position + " is where no record can begin");
    }
    return ring + RingLayout.DESCRIPTORS_OFFSET + (position & size - 1);
  }

  /** Where the data begin; there are twice as many as the size says. */
  long data() {
    return ring + RingLayout.DESCRIPTORS_OFFSET + size;
  }

  long lap(long position) {
    return position >>> log2 & RingLayout.LAP_MASK;
  }

  /** Reserves a record; 0 when it has no room, which is counted. */
  long reserve(long length, int slot) {
    long taken = RingLayout.taken(length);
    if (length < 0
        || length > MOST_LENGTH
        || taken > size
        || slot < 0
        || slot >= RingLayout.MOST_SLOTS) {
      return drop();
    }
    for (long patience = size + (1 << 20); patience > 0; patience--) {
      long position = producer();
      long room = size - (position - consumer());
      long at = descriptor(position);
      long found = RawMemory.getLongAcquire(at);
      if (producer() != position) {
        continue; // what was found may be of a lap that is over
      }
      if (room <= taken) { // never quite full, as the kernel's
        return drop();
      }
      if (RingLayout.state(found) != RingLayout.FREE) {
        advance(position, found);
        continue;
      }
      long mine = RingLayout.descriptor(RingLayout.BUSY, slot, lap(position), (int) length);
      if (RawMemory.compareAndSetLong(at, found, mine)) {
        advance(position, mine);
        long header = data() + (position & size - 1);
        RawMemory.putLong(header, length | (header - ring >>> 12) << 32);
        return header + RingLayout.HEADER;
      }
    }
    throw damaged("its position never stands still");
  }

  static BadDataException damaged(String what) {
    return NodePool.damaged("a ring: " + what);
  }

  /** Moves the producer position behind a record, unless somebody else has. */
  void advance(long position, long descriptor) {
    RawMemory.compareAndSetLong(
        ring + RingLayout.PRODUCER_OFFSET,
        position,
        position + RingLayout.taken(RingLayout.length(descriptor)));
  }

  private long drop() {
    RawMemory.getAndAddLong(ring + RingLayout.DROPPED_OFFSET, 1);
    return 0;
  }

  /** Whether a sample, as {@link #reserve} gave it, may be in this ring. */
  boolean holds(long sample) {
    long at = sample - RingLayout.HEADER - data();
    return at >= 0 && at < size && at % RingLayout.ALIGNMENT == 0;
  }

  /** Ends the writing of a record, which its writer does not touch any more. */
  void end(long sample, int state) {
    long at = sample - RingLayout.HEADER - size;
    long busy = RawMemory.getLong(at);
    if (RingLayout.state(busy) == RingLayout.BUSY) {
      RawMemory.putLongRelease(
          at, busy ^ (long) (state ^ RingLayout.BUSY) << RingLayout.STATE_SHIFT);
    }
  }

  /** Writes a whole record; false when it has no room. */
  boolean output(long data, long length, int slot) {
    long sample = reserve(length, slot);
    if (sample == 0) {
      return false;
    }
    RawMemory.copy(data, sample, length);
    end(sample, RingLayout.READY);
    return true;
  }

  /** What bpf_ringbuf_query says. */
  long query(long what) {
    if (what == 0) {
      return producer() - consumer();
    }
    if (what == 1) {
      return size;
    }
    if (what == 2) {
      return consumer();
    }
    return what == 3 ? producer() : 0;
  }

  /**
   * Moves the producer position behind a record whose writer has reserved it and nothing more: else
   * the record of a thread that died there would not be seen until another is written.
   */
  void help() {
    long position = producer();
    if (position % RingLayout.ALIGNMENT != 0) {
      return;
    }
    long found = RawMemory.getLongAcquire(descriptor(position));
    if (position - consumer() < size
        && producer() == position
        && RingLayout.state(found) != RingLayout.FREE
        && RingLayout.lap(found) == lap(position)) {
      advance(position, found);
    }
  }

  /** Gives up a record whose writer has died; whether nobody else has. */
  boolean abandon(long position, long busy) {
    long given =
        RingLayout.descriptor(
            RingLayout.DISCARDED,
            RingLayout.ABANDONED_SLOT,
            RingLayout.lap(busy),
            RingLayout.length(busy));
    if (!RawMemory.compareAndSetLong(descriptor(position), busy, given)) {
      return false;
    }
    RawMemory.getAndAddLong(ring + RingLayout.ABANDONED_OFFSET, 1);
    return true;
  }

  /** Gives up all records of threads that have died; others may write and read meanwhile. */
  int sweep(IntPredicate live) {
    help();
    int given = 0;
    long position = consumer();
    long end = producer();
    for (long i = size / RingLayout.HEADER; i > 0 && position < end; i--) {
      long found = RawMemory.getLongAcquire(descriptor(position));
      int state = RingLayout.state(found);
      if (state == RingLayout.FREE || RingLayout.lap(found) != lap(position)) {
        position = Math.max(consumer(), position + RingLayout.ALIGNMENT); // it was read meanwhile
        continue;
      }
      if (state == RingLayout.BUSY
          && !live.test(RingLayout.slot(found))
          && abandon(position, found)) {
        given++;
      }
      position += RingLayout.taken(RingLayout.length(found));
    }
    return given;
  }
}
