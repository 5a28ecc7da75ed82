package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;

/**
 * BPF_MAP_TYPE_LRU_HASH: a hash table that is never full, since it gives up what was not used for
 * long. Approximate, as the kernel's: a hand goes around all nodes; one that a program has looked
 * up since it came by last is passed over once more (second chance).
 */
public final class LruHashMap extends HashTableMap {

  /** Rounds of the hand after which everything is in use by those who are just inserting. */
  private static final int ROUNDS = 4;

  private final long references;

  LruHashMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    this.references = memory.address() + geometry.references();
  }

  @Override
  public long lookup(long key, int slot) {
    int node = find(key);
    if (node == 0) {
      return 0;
    }
    if (RawMemory.getByte(references + node) == 0) { // else the line would go from CPU to CPU
      RawMemory.putByte(references + node, (byte) 1);
    }
    return value(node, slot);
  }

  @Override
  int take(int slot) {
    int node = pool.pop(pool.mainList(), slot, 0);
    for (long i = ROUNDS * pool.count(); node == 0 && i > 0; i--) {
      node = evict(nextOfHand(), slot);
      if (node == 0 && i % 16 == 0) {
        node = pool.pop(pool.mainList(), slot, 0);
      }
    }
    return node == 0 ? ENOMEM : node;
  }

  private int nextOfHand() {
    long passed = RawMemory.getAndAddLong(memory().address() + MapLayout.HAND_OFFSET, 1);
    return 1 + (int) Long.remainderUnsigned(passed, pool.count());
  }

  /** Takes a node out of its chain, if nobody needs it; 0 when it cannot be had. */
  private int evict(int node, int slot) {
    if (RawMemory.getByte(references + node) != 0) {
      RawMemory.putByte(references + node, (byte) 0);
      return 0;
    }
    long link = pool.next(node);
    if (HashLayout.gone(link) || link == 0) {
      return 0;
    }
    int hash = RawMemory.getInt(pool.node(node) + HashLayout.HASH_OFFSET);
    Chain.Position at = chain.find(0, hash, node, slot);
    return at.node == node
            && chain.delete(at)
            && chain.finishAndKeep(at, HashLayout.number(at.next), hash, slot)
        ? node
        : 0;
  }

  @Override
  void fill(int node, long value, int slot) {
    RawMemory.putByte(references + node, (byte) 0);
    RawMemory.copy(value, value(node, slot), shape().valueSize());
  }

  @Override
  int change(Chain.Position at, long key, int hash, long value, int slot) {
    return Replacement.replace(this, at, key, hash, value, slot);
  }
}
