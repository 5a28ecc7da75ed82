package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;

/**
 * BPF_MAP_TYPE_PERCPU_HASH: a value for each thread slot (why not for each CPU, says {@link
 * PerCpuArrayMap}). An update changes the value of its slot in place; a new element has zeros in
 * all other slots.
 */
public final class PerCpuHashMap extends HashTableMap {

  private final long values;
  private final long stride;
  private final long slotStride;

  PerCpuHashMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    this.values = memory.address() + geometry.values();
    this.stride = geometry.valueStride();
    this.slotStride = geometry.slotStride();
  }

  @Override
  long value(int node, int slot) {
    return values + slot * slotStride + node * stride;
  }

  /** The value of a slot, which may be another thread's (bpf_map_lookup_percpu_elem). */
  @Override
  public long lookup(long key, int slot) {
    return isSlot(slot) ? super.lookup(key, slot) : 0;
  }

  @Override
  int take(int slot) {
    int node = pool.pop(pool.mainList(), slot, 0);
    return node == 0 ? E2BIG : node;
  }

  @Override
  void fill(int node, long value, int slot) {
    for (int s = 0; s < shape().slots(); s++) {
      RawMemory.clear(value(node, s), stride);
    }
    RawMemory.copy(value, value(node, slot), shape().valueSize());
  }

  @Override
  int change(Chain.Position at, long key, int hash, long value, int slot) {
    RawMemory.copy(value, value(at.node, slot), shape().valueSize());
    return 0;
  }

  @Override
  public long valueStart(long address) {
    long at = address - values;
    if (at < 0 || at >= shape().slots() * slotStride) {
      return 0;
    }
    long inSlot = at % slotStride;
    long node = inSlot / stride;
    return node >= 1 && node <= pool.count() && inSlot % stride < shape().valueSize()
        ? address - inSlot % stride
        : 0;
  }

  @Override
  void copyOut(int node, long element) {
    for (int s = 0; s < shape().slots(); s++) {
      RawMemory.copy(value(node, s), element + s * stride, stride);
    }
  }

  /** The values of all slots: an element that is new is complete only when the last is written. */
  @Override
  int write(long key, long element, long flags) {
    int result = update(key, element + slot() * stride, flags, slot());
    if (result != 0) {
      return result;
    }
    int node = find(key);
    for (int s = 0; s < shape().slots() && node != 0; s++) {
      if (s != slot()) {
        RawMemory.copy(element + s * stride, value(node, s), shape().valueSize());
      }
    }
    return 0;
  }
}
