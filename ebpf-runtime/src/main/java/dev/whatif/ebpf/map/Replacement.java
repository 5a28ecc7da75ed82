package dev.whatif.ebpf.map;

/** Puts a new node in the place of an old one. */
final class Replacement {

  private Replacement() {}

  /** 0, 1 when the element has changed meanwhile, or a negative errno. */
  static int replace(
      HashTableMap map, Chain.Position at, long key, int hash, long value, int slot) {
    NodePool pool = map.pool;
    int flag = HashLayout.SPARE;
    int node = pool.pop(pool.spareList(), slot, flag);
    if (node == 0) {
      flag = 0;
      node = pool.pop(pool.mainList(), slot, flag);
    }
    if (node == 0) {
      return BpfMap.ENOMEM;
    }
    map.writeKey(node, key, hash);
    map.fill(node, value, slot);
    if (!map.chain.replace(at, node, flag)) {
      pool.give(node | flag);
      return 1;
    }
    map.chain.finish(at, node, flag, hash, slot);
    return 0;
  }
}
