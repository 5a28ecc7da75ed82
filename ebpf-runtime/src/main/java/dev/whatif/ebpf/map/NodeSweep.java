package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import java.util.BitSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Finds nodes that died with the thread that held them, while others go on.
 *
 * <p>A node is lost when it is in no chain, in no list, and held by nobody who lives. These cannot
 * be read at one moment, but a node's tag changes when it goes into a chain, out of one or into a
 * list, and who takes it announces that before. So the order is: tags; holds; chains and lists;
 * holds; tags. A node that was seen nowhere, and whose tag is the same at the end, was nowhere all
 * the time.
 *
 * <p>Who changes the tag of such a node gives it back; so it happens once, whoever else sweeps.
 */
final class NodeSweep {

  private NodeSweep() {}

  /** Walks the nodes that hang somewhere. */
  @FunctionalInterface
  interface Linked extends Consumer<IntConsumer> {}

  /** Gives lost nodes back; returns how many. */
  static int sweep(NodePool pool, Linked linked, IntPredicate live, int slots, int own) {
    int count = (int) pool.count();
    long[] links = new long[count + 1];
    for (int i = 1; i <= count; i++) {
      links[i] = pool.next(i);
    }
    BitSet seen = new BitSet(count + 1);
    BitSet spare = new BitSet(count + 1);
    BitSet main = new BitSet(count + 1);
    addHeld(pool, live, slots, seen, main, spare);
    BitSet settled = new BitSet(count + 1);
    linked.accept(settled::set);
    settled.or(listed(pool));
    seen.or(settled);
    addHeld(pool, live, slots, seen, main, spare);
    int given = 0;
    for (int i = seen.nextClearBit(1); i <= count; i = seen.nextClearBit(i + 1)) {
      // dead threads may disagree, since one of them only wanted it: the map must not grow
      int flag = main.get(i) && !spare.get(i) ? 0 : HashLayout.SPARE;
      if (own < slots && claim(pool, i, links[i], flag, own)) {
        pool.give(i | flag);
        settled.set(i);
        given++;
      }
    }
    pool.release(own);
    pool.holdSecond(own, 0);
    for (int slot = 0; slot < slots; slot++) {
      if (slot != own && !live.test(slot)) {
        forget(pool, slot, settled);
      }
    }
    return given;
  }

  /** What a dead thread held and is not given back yet stays known: which list it belongs to. */
  private static void forget(NodePool pool, int slot, BitSet settled) {
    if (settled.get(pool.held(slot, false) & HashLayout.NUMBER_MASK)) {
      pool.release(slot);
    }
    if (settled.get(pool.held(slot, true) & HashLayout.NUMBER_MASK)) {
      pool.holdSecond(slot, 0);
    }
  }

  private static boolean claim(NodePool pool, int number, long link, int flag, int own) {
    pool.hold(own, number | flag);
    return RawMemory.compareAndSetLong(
        pool.node(number) + HashLayout.NEXT_OFFSET,
        link,
        HashLayout.changed(link, HashLayout.GONE));
  }

  private static void addHeld(
      NodePool pool, IntPredicate live, int slots, BitSet seen, BitSet main, BitSet spare) {
    for (int slot = 0; slot < slots; slot++) {
      boolean lives = live.test(slot);
      for (int i = 0; i < 2; i++) {
        int held = pool.held(slot, i == 1);
        int number = held & HashLayout.NUMBER_MASK;
        if (number >= 1 && number <= pool.count()) {
          if (lives) {
            seen.set(number);
          } else {
            ((held & HashLayout.SPARE) != 0 ? spare : main).set(number);
          }
        }
      }
    }
  }

  /** The nodes in both lists. */
  static BitSet listed(NodePool pool) {
    BitSet listed = listed(pool, pool.mainList());
    listed.or(listed(pool, pool.spareList()));
    return listed;
  }

  /**
   * The nodes in a list. A node that stays in it is seen, since links lead down to it from
   * everything above, and links of nodes that were taken meanwhile are left as they are.
   */
  static BitSet listed(NodePool pool, long list) {
    BitSet listed = new BitSet();
    int number = (int) RawMemory.getLongAcquire(list);
    for (long i = 0; number != 0; i++) {
      if (i > pool.count() * 2) {
        throw NodePool.damaged("a free list never ends");
      }
      long node = pool.node(number);
      listed.set(number);
      number += 1 + RawMemory.getInt(node + HashLayout.FREE_OFFSET);
    }
    return listed;
  }
}
