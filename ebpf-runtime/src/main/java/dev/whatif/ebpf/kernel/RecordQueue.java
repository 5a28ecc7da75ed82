package dev.whatif.ebpf.kernel;

import dev.whatif.core.ring.RecordReader;
import java.lang.foreign.MemorySegment;

/**
 * The reading side of a BPF ring buffer, over memory that somebody has mapped. Confined to one
 * thread.
 *
 * <p>It trusts nothing it finds there. Its own position is read once, at the beginning: whoever
 * else writes the consumer page is overwritten. A producer's position that is behind ours, further
 * away than the ring is large or no multiple of 8, and a record longer than what was produced, are
 * counted as damage: everything up to the producer's position is given up, since behind it the next
 * record begins.
 */
final class RecordQueue {

  /** Room is given back each time so many parts of the ring are read, and at the end. */
  private static final int PARTS = 16;

  private final MemorySegment consumerPage;
  private final MemorySegment producerPage;
  private final MemorySegment data;
  private final long size;
  private long position;
  private long published;
  private long records;
  private long bytes;
  private long discarded;
  private long damages;
  private long damagedBytes;

  /**
   * Goes on where the last reader has stopped.
   *
   * @param data twice the ring, one behind the other
   */
  RecordQueue(MemorySegment consumerPage, MemorySegment producerPage, MemorySegment data) {
    this.consumerPage = consumerPage;
    this.producerPage = producerPage;
    this.data = data;
    this.size = data.byteSize() / 2;
    this.position = RingBufferDescriptor.position(consumerPage) & -RingBufferDescriptor.ALIGNMENT;
    this.published = position;
  }

  /** Reads what is complete now, in the order of reservation, up to the first that is not. */
  long read(RecordReader reader, long most) {
    long before = records;
    long end = produced();
    try {
      while (position != end && records - before < most) {
        long at = position & size - 1;
        int header = RingBufferDescriptor.header(data, at);
        if ((header & RingBufferDescriptor.BUSY) != 0) {
          break;
        }
        int length = header & RingBufferDescriptor.LENGTH_MASK;
        long taken = RingBufferDescriptor.recordBytes(length);
        if (taken > end - position) {
          giveUp(end);
          break;
        }
        position += taken;
        if ((header & RingBufferDescriptor.DISCARD) != 0) {
          discarded++;
        } else {
          records++;
          bytes += length;
          reader.record(data, at + RingBufferDescriptor.HEADER, length);
        }
        if (position - published > size / PARTS) {
          publish();
        }
      }
    } finally {
      publish();
    }
    return records - before;
  }

  /** Whether a record can be read now: one that was discarded counts, too. */
  boolean isReady() {
    return produced() != position
        && (RingBufferDescriptor.header(data, position & size - 1) & RingBufferDescriptor.BUSY)
            == 0;
  }

  /** Bytes between us and the producers, records that are being written included. */
  long waiting() {
    return produced() - position;
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  long discarded() {
    return discarded;
  }

  long damages() {
    return damages;
  }

  long damagedBytes() {
    return damagedBytes;
  }

  private long produced() {
    long end = RingBufferDescriptor.position(producerPage);
    if ((end & RingBufferDescriptor.ALIGNMENT - 1) != 0
        || Long.compareUnsigned(end - position, size) > 0) {
      end &= -RingBufferDescriptor.ALIGNMENT;
      giveUp(end);
      publish();
    }
    return end;
  }

  private void giveUp(long end) {
    damages++;
    damagedBytes += Long.compareUnsigned(end - position, size) <= 0 ? end - position : 0;
    position = end;
  }

  private void publish() {
    if (published != position) {
      RingBufferDescriptor.position(consumerPage, position);
      published = position;
    }
  }
}
