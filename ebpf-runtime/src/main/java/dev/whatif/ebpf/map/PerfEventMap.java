package dev.whatif.ebpf.map;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.RawMemory;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * BPF_MAP_TYPE_PERF_EVENT_ARRAY: a ring for each thread slot, where the kernel has one for each
 * CPU. A thread writes to its own only.
 */
public final class PerfEventMap extends BpfMap {

  /** {@code BPF_F_INDEX_MASK}, and {@code BPF_F_CURRENT_CPU}. */
  private static final long INDEX_MASK = 0xffff_ffffL;

  private final Ring[] rings;

  PerfEventMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    long first = memory.address() + geometry.rings();
    this.rings =
        IntStream.range(0, geometry.shape().slots())
            .mapToObj(i -> new Ring(first + i * geometry.ringStride(), geometry.ringBytes()))
            .toArray(Ring[]::new);
  }

  Ring ring(int number) {
    return rings[number];
  }

  /**
   * Writes a record (bpf_perf_event_output).
   *
   * @param flags the slot, or {@code BPF_F_CURRENT_CPU}
   * @return 0; ENOSPC when it has no room; EOPNOTSUPP for the slot of another thread
   */
  public int output(long flags, long data, long bytes, int slot) {
    if ((flags & ~INDEX_MASK) != 0) {
      return EINVAL;
    }
    long index = flags == INDEX_MASK ? slot : flags;
    if (index >= rings.length) {
      return E2BIG;
    }
    if (index != slot) {
      return EOPNOTSUPP;
    }
    return rings[slot].output(data, bytes, slot) ? 0 : -Errno.ENOSPC.value();
  }

  /** Records that had no room, ever. */
  public long dropped() {
    return Arrays.stream(rings).mapToLong(Ring::dropped).sum();
  }

  @Override
  public int sweep(IntPredicate live) {
    return Arrays.stream(rings).mapToInt(r -> r.sweep(live)).sum();
  }

  @Override
  public long lookup(long key, int slot) {
    return 0;
  }

  @Override
  public int update(long key, long value, long flags, int slot) {
    return EINVAL;
  }

  /** There is nothing that could be taken out: the rings are always there. */
  @Override
  public int delete(long key, int slot) {
    return isIndex(key) ? ENOENT : E2BIG;
  }

  private boolean isIndex(long key) {
    return Integer.compareUnsigned(RawMemory.getInt(key), shape().maxEntries()) < 0;
  }

  @Override
  public long valueStart(long address) {
    return 0;
  }

  @Override
  int read(long key, long element) {
    return EOPNOTSUPP;
  }

  @Override
  int write(long key, long element, long flags) {
    if (flags != Bpf.BPF_ANY) {
      return EINVAL;
    }
    return isIndex(key) ? -Errno.EBADF.value() : E2BIG;
  }

  /** Nothing that could be copied: {@link RingReader} reads the rings. */
  @Override
  public List<MapEntry> entries() {
    return List.of();
  }

  @Override
  int nextKey(long key, long next) {
    return ArrayMap.nextIndex(key, next, shape().maxEntries());
  }
}
