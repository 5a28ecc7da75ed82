package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import java.util.Arrays;

/**
 * The chains of a hash table: lists of nodes that all processes change at once, without a lock
 * (after M. Michael, "High Performance Dynamic Lock-Free Hash Tables and List-Based Sets", SPAA'02,
 * with tags in every link).
 *
 * <ul>
 *   <li>New nodes come in front, by one compare-and-set of the bucket. It fails when anything was
 *       put in front since the chain was searched, so that no key is ever there twice.
 *   <li>A node becomes no element by one compare-and-set of its own link, which from then on does
 *       not change. When it is replaced, that same one puts the new node behind it: at every moment
 *       one of the two is the element.
 *   <li>A node that is gone is taken out by whoever changes the chain next, and that one gives it
 *       back.
 *   <li>Nodes are used again at once. So nobody believes what it read in a node before it has seen
 *       that the link which led there is still the same: its tag would have changed.
 * </ul>
 *
 * <p>Each failed attempt means that somebody else has got on: no thread waits for another.
 */
final class Chain {

  /** Where a key is, or was not. For one operation of one thread. */
  static final class Position {
    /** The word of the bucket when the search began, or as this thread has changed it since. */
    long head;

    /** Where the link lies that leads to the node. */
    long previous;

    /** That link. */
    long link;

    /** The node; 0 when the key was not there. */
    int node;

    /** The node's own link. */
    long next;
  }

  private final NodePool pool;
  private final long buckets;
  private final long bucketMask;
  private final int keySize;

  Chain(long region, MapGeometry geometry, NodePool pool) {
    this.pool = pool;
    this.buckets = region + geometry.buckets();
    this.bucketMask = geometry.bucketMask();
    this.keySize = geometry.shape().keySize();
  }

  long bucketCount() {
    return bucketMask + 1;
  }

  long bucket(int hash) {
    return buckets + (hash & bucketMask) * HashLayout.BUCKET_BYTES;
  }

  /** The node of a key; 0 when there is none. Changes nothing. */
  int lookup(long key, int hash) {
    long patience = pool.patience();
    restart:
    while (true) {
      long previous = bucket(hash);
      long link = RawMemory.getLongAcquire(previous);
      int number = HashLayout.number(link);
      while (number != 0) {
        if (--patience < 0) {
          throw NodePool.damaged("a chain never ends");
        }
        long node = pool.node(number);
        long next = RawMemory.getLongAcquire(node + HashLayout.NEXT_OFFSET);
        boolean same = isKey(node, key, hash);
        if (RawMemory.getLongAcquire(previous) != link) {
          continue restart;
        }
        if (!HashLayout.gone(next)) {
          if (same) {
            return number;
          }
          previous = node + HashLayout.NEXT_OFFSET;
          link = next;
        } // behind a node that is gone, the link before it still vouches for what follows
        number = HashLayout.number(next);
      }
      return 0;
    }
  }

  /**
   * Finds a key, and takes out what is gone on the way.
   *
   * @param key 0 to go through the whole chain
   * @param wanted a node to find instead of a key; 0 for none
   */
  Position find(long key, int hash, int wanted, int slot) {
    Position at = new Position();
    long patience = pool.patience();
    restart:
    while (true) {
      at.previous = bucket(hash);
      at.link = RawMemory.getLongAcquire(at.previous);
      at.head = at.link;
      while ((at.node = HashLayout.number(at.link)) != 0) {
        if (--patience < 0) {
          throw NodePool.damaged("a chain never ends");
        }
        long node = pool.node(at.node);
        at.next = RawMemory.getLongAcquire(node + HashLayout.NEXT_OFFSET);
        boolean same = at.node == wanted || key != 0 && isKey(node, key, hash);
        if (RawMemory.getLongAcquire(at.previous) != at.link) {
          continue restart;
        }
        if (HashLayout.gone(at.next)) {
          if (!unlink(at, at.next, hash, slot)) {
            continue restart;
          }
        } else if (same) {
          return at;
        } else {
          at.previous = node + HashLayout.NEXT_OFFSET;
          at.link = at.next;
        }
      }
      return at;
    }
  }

  /** Takes the node out, which is gone, and gives it back; false when the chain has changed. */
  private boolean unlink(Position at, long gone, int hash, int slot) {
    int flagged = at.node | (int) gone & HashLayout.SPARE;
    pool.hold(slot, flagged);
    if (!takeOut(at, HashLayout.number(gone), hash)) {
      return false;
    }
    pool.give(flagged);
    return true;
  }

  /** Leads the link past the node. */
  private boolean takeOut(Position at, int successor, int hash) {
    long changed = HashLayout.changed(at.link, successor);
    if (!RawMemory.compareAndSetLong(at.previous, at.link, changed)) {
      return false;
    }
    if (at.previous == bucket(hash)) {
      at.head = changed;
    }
    at.link = changed;
    return true;
  }

  /** Puts a node that this thread holds in front; false when somebody else was faster. */
  boolean insert(Position at, int number, int hash) {
    prepare(number, at.head);
    return RawMemory.compareAndSetLong(bucket(hash), at.head, HashLayout.changed(at.head, number));
  }

  /**
   * Puts a node that this thread holds in the place of the one found, in one step; false when that
   * has changed. Afterwards the old one must be {@linkplain #finish taken out}.
   */
  boolean replace(Position at, int number, int flag) {
    prepare(number, at.next);
    return RawMemory.compareAndSetLong(
        pool.node(at.node) + HashLayout.NEXT_OFFSET,
        at.next,
        HashLayout.changed(at.next, HashLayout.GONE | flag | number));
  }

  /** Makes the node found no element any more; false when it has changed. */
  boolean delete(Position at) {
    return RawMemory.compareAndSetLong(
        pool.node(at.node) + HashLayout.NEXT_OFFSET,
        at.next,
        HashLayout.changed(at.next, HashLayout.GONE | HashLayout.number(at.next)));
  }

  /** Takes the node out that this thread has just made no element, and gives it back. */
  void finish(Position at, int successor, int flag, int hash, int slot) {
    pool.hold(slot, at.node | flag);
    if (takeOut(at, successor, hash)) {
      pool.give(at.node | flag);
    } else {
      find(0, hash, 0, slot);
    }
  }

  /** The same, but the node stays with this thread; false when somebody else gave it back. */
  boolean finishAndKeep(Position at, int successor, int hash, int slot) {
    pool.hold(slot, at.node);
    if (takeOut(at, successor, hash)) {
      return true;
    }
    find(0, hash, 0, slot);
    return false;
  }

  /**
   * The link of a node that is not seen by anybody yet: where another leads, and no element gone.
   */
  private void prepare(int number, long like) {
    long at = pool.node(number) + HashLayout.NEXT_OFFSET;
    long own = RawMemory.getLong(at);
    RawMemory.putLongRelease(at, HashLayout.changed(own, HashLayout.number(like)));
  }

  private boolean isKey(long node, long key, int hash) {
    return RawMemory.getInt(node + HashLayout.HASH_OFFSET) == hash
        && KeyHash.equal(node + HashLayout.KEY_OFFSET, key, keySize);
  }

  /**
   * The nodes of a chain, in their order.
   *
   * @param all those that are gone but still in it, too
   */
  int[] nodes(int hash, boolean all) {
    long patience = pool.patience();
    restart:
    while (true) {
      int[] found = new int[4];
      int count = 0;
      long previous = bucket(hash);
      long link = RawMemory.getLongAcquire(previous);
      int number = HashLayout.number(link);
      while (number != 0) {
        if (--patience < 0) {
          throw NodePool.damaged("a chain never ends");
        }
        long next = pool.next(number);
        if (RawMemory.getLongAcquire(previous) != link) {
          continue restart;
        }
        if (all || !HashLayout.gone(next)) {
          found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
          found[count++] = number;
        }
        if (!HashLayout.gone(next)) {
          previous = pool.node(number) + HashLayout.NEXT_OFFSET;
          link = next;
        }
        number = HashLayout.number(next);
      }
      return Arrays.copyOf(found, count);
    }
  }

  /**
   * The element behind a node of a chain, or the first for node 0; 0 when there is none. When the
   * node is gone, this begins anew.
   */
  int following(int hash, int number) {
    int[] nodes = nodes(hash, false);
    int at = 0;
    for (int i = 0; i < nodes.length && number != 0; i++) {
      at = nodes[i] == number ? i + 1 : at;
    }
    return at < nodes.length ? nodes[at] : 0;
  }
}
