package dev.whatif.ebpf.map;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.RawMemory;

/**
 * BPF_MAP_TYPE_ARRAY: values in a row, all there from the beginning. A lookup is a multiplication;
 * an update copies in place, so that a reader may see half of it (as in the kernel).
 */
public final class ArrayMap extends BpfMap {

  private final long values;
  private final long stride;
  private volatile boolean frozen;

  ArrayMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    this.values = memory.address() + geometry.values();
    this.stride = geometry.valueStride();
  }

  @Override
  public long lookup(long key, int slot) {
    return at(RawMemory.getInt(key));
  }

  /** The value of an index; 0 when there is none. */
  public long at(int index) {
    return Integer.compareUnsigned(index, shape().maxEntries()) < 0
        ? values + Integer.toUnsignedLong(index) * stride
        : 0;
  }

  @Override
  public int update(long key, long value, long flags, int slot) {
    if (!areFlags(flags)) {
      return EINVAL;
    }
    long to = lookup(key, slot);
    if (to == 0) {
      return E2BIG;
    }
    if (flags == Bpf.BPF_NOEXIST) {
      return EEXIST;
    }
    RawMemory.copy(value, to, shape().valueSize());
    return 0;
  }

  @Override
  public int delete(long key, int slot) {
    return EINVAL;
  }

  @Override
  public long valueStart(long address) {
    long at = address - values;
    if (at < 0 || at >= shape().entries() * stride || at % stride >= shape().valueSize()) {
      return 0;
    }
    return address - at % stride;
  }

  /** Forbids updates from Java for good, as BPF_MAP_FREEZE does from user space. */
  public void freeze() {
    frozen = true;
  }

  void initialise(byte[] value) {
    RawMemory.copy(value, values);
  }

  @Override
  int read(long key, long element) {
    long from = lookup(key, slot());
    if (from == 0) {
      return ENOENT;
    }
    RawMemory.copy(from, element, shape().valueSize());
    return 0;
  }

  @Override
  int write(long key, long element, long flags) {
    return frozen ? EPERM : update(key, element, flags, slot());
  }

  @Override
  int nextKey(long key, long next) {
    return nextIndex(key, next, shape().maxEntries());
  }

  /** The next index of any array (kernel/bpf/arraymap.c, array_map_get_next_key). */
  static int nextIndex(long key, long next, int entries) {
    int index = key == 0 ? -1 : RawMemory.getInt(key);
    if (Integer.compareUnsigned(index, entries) >= 0) {
      RawMemory.putInt(next, 0);
      return 0;
    }
    if (index == entries - 1) {
      return ENOENT;
    }
    RawMemory.putInt(next, index + 1);
    return 0;
  }
}
