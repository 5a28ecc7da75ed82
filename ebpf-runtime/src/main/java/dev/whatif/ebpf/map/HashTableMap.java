package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What the hash tables have in common: {@link Chain}s of nodes from a {@link NodePool}.
 *
 * <p>As in the kernel's preallocated tables, a node is used again as soon as it is deleted or
 * replaced: a program that still holds the address of its value may see another key's.
 */
public abstract sealed class HashTableMap extends BpfMap
    permits BpfHashMap, LruHashMap, PerCpuHashMap {

  final NodePool pool;
  final Chain chain;
  private final int keySize;
  private final long valueInNode;

  HashTableMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    this.pool = new NodePool(memory.address(), geometry);
    this.chain = new Chain(memory.address(), geometry, pool);
    this.keySize = geometry.shape().keySize();
    this.valueInNode = geometry.valueInNode();
  }

  /** The value that belongs to a node, for a slot. */
  long value(int node, int slot) {
    return pool.node(node) + valueInNode;
  }

  /** Bytes of an element as Java sees it. */
  private int elementBytes() {
    return shape().elementBytes();
  }

  final int find(long key) {
    return chain.lookup(key, KeyHash.of(key, keySize));
  }

  /** Writes hash and key into a node that this thread holds. */
  final void writeKey(int number, long key, int hash) {
    long node = pool.node(number);
    RawMemory.putInt(node + HashLayout.HASH_OFFSET, hash);
    RawMemory.copy(key, node + HashLayout.KEY_OFFSET, keySize);
  }

  @Override
  public long lookup(long key, int slot) {
    int node = find(key);
    return node == 0 ? 0 : value(node, slot);
  }

  /** A node for a new key, held; or a negative errno. */
  abstract int take(int slot);

  /** Writes the value of a new or replacing node. */
  abstract void fill(int node, long value, int slot);

  /** Changes an element that is there; 0, or 1 when it has changed meanwhile. */
  abstract int change(Chain.Position at, long key, int hash, long value, int slot);

  @Override
  public int update(long key, long value, long flags, int slot) {
    if (!areFlags(flags)) {
      return EINVAL;
    }
    if (!isSlot(slot)) {
      return E2BIG;
    }
    int hash = KeyHash.of(key, keySize);
    for (long patience = pool.patience(); patience > 0; patience--) {
      Chain.Position at = chain.find(key, hash, 0, slot);
      int result = refusal(at.node != 0, flags);
      if (result == 0) {
        result =
            at.node != 0 ? change(at, key, hash, value, slot) : insert(at, key, hash, value, slot);
      }
      if (result <= 0) {
        pool.release(slot);
        return result;
      }
    }
    throw NodePool.damaged("a chain never stands still");
  }

  private int insert(Chain.Position at, long key, int hash, long value, int slot) {
    int node = take(slot);
    if (node < 0) {
      return node;
    }
    writeKey(node, key, hash);
    fill(node, value, slot);
    if (chain.insert(at, node, hash)) {
      return 0;
    }
    pool.give(node);
    return 1;
  }

  @Override
  public int delete(long key, int slot) {
    if (!isSlot(slot)) {
      return E2BIG;
    }
    int hash = KeyHash.of(key, keySize);
    for (long patience = pool.patience(); patience > 0; patience--) {
      Chain.Position at = chain.find(key, hash, 0, slot);
      if (at.node == 0) {
        pool.release(slot);
        return ENOENT;
      }
      if (chain.delete(at)) {
        chain.finish(at, HashLayout.number(at.next), 0, hash, slot);
        pool.release(slot);
        return 0;
      }
    }
    throw NodePool.damaged("a chain never stands still");
  }

  @Override
  public int sweep(IntPredicate live) {
    for (long i = 0; i < chain.bucketCount(); i++) {
      chain.find(0, (int) i, 0, slot());
    }
    pool.release(slot());
    return NodeSweep.sweep(pool, this::forEachLinked, live, shape().slots(), slot());
  }

  /** All nodes that hang in a chain. */
  private void forEachLinked(java.util.function.IntConsumer action) {
    for (long i = 0; i < chain.bucketCount(); i++) {
      for (int node : chain.nodes((int) i, true)) {
        action.accept(node);
      }
    }
  }

  @Override
  public long valueStart(long address) {
    int node = pool.nodeAt(address);
    if (node == 0) {
      return 0;
    }
    long value = value(node, 0);
    return address >= value && address < value + shape().valueSize() ? value : 0;
  }

  /** Copies all that belongs to a node. */
  void copyOut(int node, long element) {
    RawMemory.copy(value(node, 0), element, elementBytes());
  }

  @Override
  int read(long key, long element) {
    for (long patience = pool.patience(); patience > 0; patience--) {
      int node = find(key);
      if (node == 0) {
        return ENOENT;
      }
      long link = pool.next(node);
      copyOut(node, element);
      // still the same element, so all of it is from one
      if (pool.next(node) == link && !HashLayout.gone(link) && find(key) == node) {
        return 0;
      }
    }
    throw NodePool.damaged("an element never stands still");
  }

  @Override
  int write(long key, long element, long flags) {
    return update(key, element, flags, slot());
  }

  @Override
  int nextKey(long key, long next) {
    int node = key == 0 ? 0 : find(key);
    int hash = node == 0 ? 0 : KeyHash.of(key, keySize);
    int following = chain.following(hash, node);
    for (long i = node == 0 ? 0 : (hash & chain.bucketCount() - 1);
        following == 0 && ++i < chain.bucketCount(); ) {
      following = chain.following((int) i, 0);
    }
    if (following == 0) {
      return ENOENT;
    }
    RawMemory.copy(pool.node(following) + HashLayout.KEY_OFFSET, next, keySize);
    return 0;
  }

  @Override
  public synchronized List<MapEntry> entries() {
    List<MapEntry> entries = new ArrayList<>();
    for (long i = 0; i < chain.bucketCount(); i++) {
      for (int node : chain.nodes((int) i, false)) {
        byte[] key = new byte[keySize];
        RawMemory.copy(pool.node(node) + HashLayout.KEY_OFFSET, key);
        lookup(key).ifPresent(value -> entries.add(new MapEntry(key, value)));
      }
    }
    return entries;
  }

  @Override
  public void forEach(ElementVisitor visitor, int slot) {
    for (long i = 0; i < chain.bucketCount(); i++) {
      for (int node : chain.nodes((int) i, false)) {
        if (!visitor.element(pool.node(node) + HashLayout.KEY_OFFSET, value(node, slot))) {
          return;
        }
      }
    }
  }

  /** Nodes that can be taken, without those that somebody holds: for tests, while nothing runs. */
  final long freeNodes() {
    return NodeSweep.listed(pool).cardinality();
  }

  /** Those of them that an insertion can take. */
  final long freeMainNodes() {
    return NodeSweep.listed(pool, pool.mainList()).cardinality();
  }

  /** Nodes that are elements: for tests, while nothing runs. */
  final long usedNodes() {
    long used = 0;
    for (long i = 0; i < chain.bucketCount(); i++) {
      used += chain.nodes((int) i, false).length;
    }
    return used;
  }
}
