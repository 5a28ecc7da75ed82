package dev.whatif.ebpf.map;

/**
 * One ring. Positions only grow; their remainder by the size is the place.
 *
 * <pre>
 *    0          64         128       192         256        264       4096          4096 + size
 *   +----------+----------+---------+-----------+---------+---------+-------------+------------------+
 *   | consumer | producer | dropped | abandoned | size    | log2    | descriptors | data, 2 x size   |
 *   | position | position | records | records   | of data | of size | (size bytes)|                  |
 *   +----------+----------+---------+-----------+---------+---------+-------------+------------------+
 *
 *   a record takes header + length, rounded up to 8, at its place in the data
 *
 *    0        4                            8
 *   +--------+----------------------------+---------------+---------+
 *   | length | pages back to the ring     | what was said | padding |
 *   +--------+----------------------------+---------------+---------+
 *
 *   and its descriptor lies at the same place in the descriptors
 *
 *    63   62  61      52  51              28  27           0
 *   +-------+-----------+-------------------+---------------+
 *   | state | slot      | lap: position /   | length        |
 *   |       |           | size, 24 bits     |               |
 *   +-------+-----------+-------------------+---------------+
 *   state: 0 free, 1 being written, 2 to be read, 3 discarded (slot 1023: abandoned)
 * </pre>
 *
 * <p>A record that begins before the end of the data goes on behind it: so the data are twice as
 * large as what they hold at a time, and no record is ever in two pieces. The kernel maps the same
 * pages twice for that (kernel/bpf/ringbuf.c); capacity and positions are the same as there.
 *
 * <p>Descriptors are apart from the data so that such a word is never anything else: who was
 * stopped for long finds another lap in it and leaves it alone.
 */
public final class RingLayout {

  public static final int CONSUMER_OFFSET = 0;
  public static final int PRODUCER_OFFSET = 64;
  public static final int DROPPED_OFFSET = 128;
  public static final int ABANDONED_OFFSET = 192;
  public static final int SIZE_OFFSET = 256;
  public static final int SIZE_LOG2_OFFSET = 264;
  public static final int DESCRIPTORS_OFFSET = MapLayout.PAGE;

  /** {@code BPF_RINGBUF_HDR_SZ}. */
  public static final int HEADER = 8;

  public static final int ALIGNMENT = 8;
  public static final int STATE_SHIFT = 62;
  public static final int SLOT_SHIFT = 52;
  public static final int LAP_SHIFT = 28;
  public static final long LAP_MASK = (1L << SLOT_SHIFT - LAP_SHIFT) - 1;
  public static final int LENGTH_MASK = (1 << LAP_SHIFT) - 1;
  public static final int SLOT_MASK = (1 << STATE_SHIFT - SLOT_SHIFT) - 1;
  public static final int FREE = 0;
  public static final int BUSY = 1;
  public static final int READY = 2;
  public static final int DISCARDED = 3;

  /** Of a discarded record: its writer has died. */
  public static final int ABANDONED_SLOT = SLOT_MASK;

  /** More slots than that have no number in a descriptor. */
  public static final int MOST_SLOTS = ABANDONED_SLOT;

  /** Lengths are below that. */
  public static final long MOST_BYTES = 1L << LAP_SHIFT;

  private RingLayout() {}

  static int state(long descriptor) {
    return (int) (descriptor >>> STATE_SHIFT);
  }

  static int slot(long descriptor) {
    return (int) (descriptor >>> SLOT_SHIFT) & SLOT_MASK;
  }

  static long lap(long descriptor) {
    return descriptor >>> LAP_SHIFT & LAP_MASK;
  }

  static int length(long descriptor) {
    return (int) descriptor & LENGTH_MASK;
  }

  static long descriptor(int state, int slot, long lap, int length) {
    return (long) state << STATE_SHIFT | (long) slot << SLOT_SHIFT | lap << LAP_SHIFT | length;
  }

  /** Bytes that a record takes. */
  static long taken(long length) {
    return length + HEADER + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** All bytes of a ring with so many bytes of data. */
  static long bytes(long size) {
    return DESCRIPTORS_OFFSET + 3 * size;
  }
}
