package dev.whatif.ebpf.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The bytes of a BPF ring buffer as user space maps them (kernel/bpf/ringbuf.c, {@code struct
 * bpf_ringbuf}; Documentation/bpf/ringbuf.rst).
 *
 * <pre>
 *   file offset  0               page            2 pages         2 pages + size
 *                +---------------+---------------+---------------+---------------+
 *                | consumer page | producer page | data          | data, again   |
 *                | 0: position   | 0: position   |               |               |
 *                +---------------+---------------+---------------+---------------+
 *   BPF_MAP_TYPE_RINGBUF        we write the first page only, the rest is read-only
 *   BPF_MAP_TYPE_USER_RINGBUF   the first page is read-only, we write the rest
 *
 *   a record, at a multiple of 8
 *
 *   0                                   4             8                    8 + length
 *   +------+---------+------------------+-------------+--------------------+---------+
 *   | busy | discard | length (30 bits) | page offset | what the producer  | padding |
 *   | :31  | :30     | without header   | of the ring | wrote              | to 8    |
 *   +------+---------+------------------+-------------+--------------------+---------+
 * </pre>
 *
 * <p>Positions only grow; their remainder by the size is the place. The data are mapped twice in a
 * row, so no record is ever in two pieces. A producer publishes its position with the record still
 * busy, and clears the bit when it is done (release; the reader acquires both).
 */
final class RingBufferDescriptor {

  /** Where the position is, in either page. */
  static final long POSITION = 0;

  /** {@code BPF_RINGBUF_BUSY_BIT}. */
  static final int BUSY = 1 << 31;

  /** {@code BPF_RINGBUF_DISCARD_BIT}. */
  static final int DISCARD = 1 << 30;

  static final int LENGTH_MASK = DISCARD - 1;

  /** {@code BPF_RINGBUF_HDR_SZ}. */
  static final int HEADER = 8;

  static final int ALIGNMENT = 8;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private RingBufferDescriptor() {}

  /** How far the owner of a page has got. */
  static long position(MemorySegment page) {
    return (long) LONG.getAcquire(page, POSITION);
  }

  /** Publishes how far we have got. */
  static void position(MemorySegment page, long position) {
    LONG.setRelease(page, POSITION, position);
  }

  /** The first word of a record. */
  static int header(MemorySegment data, long at) {
    return (int) INT.getAcquire(data, at);
  }

  /** Publishes a record together with its first word. */
  static void header(MemorySegment data, long at, int header) {
    INT.setRelease(data, at, header);
  }

  /** Bytes that a record of this length takes in the ring. */
  static long recordBytes(int length) {
    return ((long) length + HEADER + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
