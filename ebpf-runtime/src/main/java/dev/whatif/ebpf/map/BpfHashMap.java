package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;

/**
 * BPF_MAP_TYPE_HASH. A value is replaced as a whole: who looks it up sees the old one or the new.
 * For that a replacement needs a node for a moment, of which there are a few more than entries.
 */
public final class BpfHashMap extends HashTableMap {

  BpfHashMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
  }

  @Override
  int take(int slot) {
    int node = pool.pop(pool.mainList(), slot, 0);
    return node == 0 ? E2BIG : node;
  }

  @Override
  void fill(int node, long value, int slot) {
    RawMemory.copy(value, value(node, slot), shape().valueSize());
  }

  @Override
  int change(Chain.Position at, long key, int hash, long value, int slot) {
    return Replacement.replace(this, at, key, hash, value, slot);
  }
}
