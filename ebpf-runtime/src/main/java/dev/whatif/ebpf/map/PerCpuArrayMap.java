package dev.whatif.ebpf.map;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.RawMemory;

/**
 * BPF_MAP_TYPE_PERCPU_ARRAY: an array for each thread slot. A thread that has a slot of its own
 * needs no atomic instruction, wherever the scheduler puts it; the kernel can say that of CPUs,
 * user space cannot. Readers get the values of all slots: what they mean together (a sum, a
 * maximum) the program knows, and on which CPU a thread has been, nobody does.
 */
public final class PerCpuArrayMap extends BpfMap {

  private final long values;
  private final long stride;
  private final long slotStride;

  PerCpuArrayMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    this.values = memory.address() + geometry.values();
    this.stride = geometry.valueStride();
    this.slotStride = geometry.slotStride();
  }

  /** The value of a slot, which may be another thread's (bpf_map_lookup_percpu_elem). */
  @Override
  public long lookup(long key, int slot) {
    int index = RawMemory.getInt(key);
    return Integer.compareUnsigned(index, shape().maxEntries()) < 0 && isSlot(slot)
        ? values + slot * slotStride + Integer.toUnsignedLong(index) * stride
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
    if (at < 0 || at >= shape().slots() * slotStride) {
      return 0;
    }
    long inSlot = at % slotStride;
    return inSlot < shape().entries() * stride && inSlot % stride < shape().valueSize()
        ? address - inSlot % stride
        : 0;
  }

  @Override
  int read(long key, long element) {
    for (int s = 0; s < shape().slots(); s++) {
      long from = lookup(key, s);
      if (from == 0) {
        return ENOENT;
      }
      RawMemory.copy(from, element + s * stride, stride);
    }
    return 0;
  }

  @Override
  int write(long key, long element, long flags) {
    int result = 0;
    for (int s = 0; s < shape().slots() && result == 0; s++) {
      result = update(key, element + s * stride, flags, s);
    }
    return result;
  }

  @Override
  int nextKey(long key, long next) {
    return ArrayMap.nextIndex(key, next, shape().maxEntries());
  }
}
