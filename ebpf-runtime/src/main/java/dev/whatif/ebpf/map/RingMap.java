package dev.whatif.ebpf.map;

import dev.whatif.core.linux.Errno;
import java.util.function.IntPredicate;

/**
 * BPF_MAP_TYPE_RINGBUF: records of all threads, in the order in which they were reserved. Capacity
 * and positions are the kernel's. A record that has no room is counted; the kernel does not do
 * that.
 */
public final class RingMap extends BpfMap {

  private static final long NO_WAKEUP = 1;
  private static final long FORCE_WAKEUP = 2;

  private final Ring ring;

  RingMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    this.ring = new Ring(memory.address() + geometry.rings(), geometry.ringBytes());
  }

  Ring ring() {
    return ring;
  }

  /**
   * Reserves a record (bpf_ringbuf_reserve).
   *
   * @return where to write it; 0 when it has no room
   */
  public long reserve(long bytes, long flags, int slot) {
    return flags == 0 ? ring.reserve(bytes, slot) : 0;
  }

  /**
   * Whether a record that was reserved lies in this map: submit and discard get its address only.
   */
  public boolean holds(long sample) {
    return ring.holds(sample);
  }

  /** Shows a record to the reader (bpf_ringbuf_submit). Nobody is woken: readers look. */
  public void submit(long sample) {
    ring.end(checked(sample), RingLayout.READY);
  }

  /** Gives a record up (bpf_ringbuf_discard). */
  public void discard(long sample) {
    ring.end(checked(sample), RingLayout.DISCARDED);
  }

  private long checked(long sample) {
    if (!ring.holds(sample)) {
      throw new IllegalArgumentException("0x%x is no record of %s".formatted(sample, this));
    }
    return sample;
  }

  /** Copies a record into the ring (bpf_ringbuf_output); 0 or a negative errno. */
  public int output(long data, long bytes, long flags, int slot) {
    if ((flags & ~(NO_WAKEUP | FORCE_WAKEUP)) != 0) {
      return EINVAL;
    }
    return ring.output(data, bytes, slot) ? 0 : -Errno.EAGAIN.value();
  }

  /** What bpf_ringbuf_query says: 0 bytes to be read, 1 size, 2 and 3 positions. */
  public long query(long what) {
    return ring.query(what);
  }

  /** Records that had no room, ever. */
  public long dropped() {
    return ring.dropped();
  }

  /** Records whose writer died before it had ended them, as far as they were found. */
  public long abandoned() {
    return ring.abandoned();
  }

  /** Where data begin and end: what a program may write that has reserved a record. */
  @Override
  public long valueStart(long address) {
    return 0;
  }

  @Override
  public int sweep(IntPredicate live) {
    return ring.sweep(live);
  }

  @Override
  public long lookup(long key, int slot) {
    return 0;
  }

  @Override
  public int update(long key, long value, long flags, int slot) {
    return -Errno.ENOTSUPP.value();
  }

  @Override
  public int delete(long key, int slot) {
    return -Errno.ENOTSUPP.value();
  }

  @Override
  int read(long key, long element) {
    return -Errno.ENOTSUPP.value();
  }

  @Override
  int write(long key, long element, long flags) {
    return -Errno.ENOTSUPP.value();
  }

  @Override
  int nextKey(long key, long next) {
    return -Errno.ENOTSUPP.value();
  }
}
