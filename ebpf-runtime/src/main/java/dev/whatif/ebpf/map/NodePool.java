package dev.whatif.ebpf.map;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.linux.RawMemory;

/**
 * The nodes of a map: who has them. A node is in a chain, in a free list, or held by one thread,
 * which has announced that in its hold before it took it, and withdraws it after it has given it
 * away. So a node that is nowhere and that no living thread holds is lost, and {@link NodeSweep}
 * finds it.
 *
 * <p>Free lists are stacks whose head carries a tag against the one who was stopped between reading
 * the head and replacing it. A node's own tag changes when it is put into a list.
 */
final class NodePool {

  private final long region;
  private final long nodes;
  private final long stride;
  private final long holds;
  private final long count;

  NodePool(long region, MapGeometry geometry) {
    this.region = region;
    this.nodes = region + geometry.nodes();
    this.stride = geometry.nodeStride();
    this.holds = region + geometry.holds();
    this.count = geometry.nodeCount();
  }

  /** Makes the two lists of a new map; all other links are zeros already. */
  static void initialise(long region, MapGeometry geometry) {
    NodePool pool = new NodePool(region, geometry);
    long main = geometry.mainNodes();
    pool.endsAt(main);
    RawMemory.putLong(region + MapLayout.MAIN_LIST_OFFSET, 1);
    if (geometry.nodeCount() > main) {
      pool.endsAt(geometry.nodeCount());
      RawMemory.putLong(region + MapLayout.SPARE_LIST_OFFSET, main + 1);
    }
  }

  private void endsAt(long node) {
    RawMemory.putInt(node((int) node) + HashLayout.FREE_OFFSET, (int) (-1 - node));
  }

  long count() {
    return count;
  }

  /**
   * Where a node lies.
   *
   * @throws BadDataException when there is no such node: somebody has written nonsense
   */
  long node(int number) {
    if (number < 1 || number > count) {
      throw damaged("node " + number + " of " + count);
    }
    return nodes + number * stride;
  }

  /** The node that an address lies in; 0 when it is no node's. */
  int nodeAt(long address) {
    long number = Long.divideUnsigned(address - nodes, stride);
    return number >= 1 && number <= count ? (int) number : 0;
  }

  static BadDataException damaged(String what) {
    return new BadDataException(
        "the map's memory is damaged: " + what, "a process that shares it has written there");
  }

  long next(int number) {
    return RawMemory.getLongAcquire(node(number) + HashLayout.NEXT_OFFSET);
  }

  long mainList() {
    return region + MapLayout.MAIN_LIST_OFFSET;
  }

  long spareList() {
    return region + MapLayout.SPARE_LIST_OFFSET;
  }

  private long hold(int slot) {
    return holds + (long) slot * HashLayout.HOLD_BYTES;
  }

  /** Announces that this thread is about to have a node. */
  void hold(int slot, int numberAndFlag) {
    RawMemory.putLongRelease(hold(slot), Integer.toUnsignedLong(numberAndFlag));
  }

  /** Announces a second one. */
  void holdSecond(int slot, int numberAndFlag) {
    RawMemory.putLongRelease(
        hold(slot) + HashLayout.SECOND_HOLD_OFFSET, Integer.toUnsignedLong(numberAndFlag));
  }

  /** Withdraws both. */
  void release(int slot) {
    RawMemory.putLongRelease(hold(slot), 0);
  }

  /** What a thread has announced, first or second; 0 is nothing. */
  int held(int slot, boolean second) {
    return (int)
        RawMemory.getLongAcquire(hold(slot) + (second ? HashLayout.SECOND_HOLD_OFFSET : 0));
  }

  /**
   * Takes a node out of a list, and holds it.
   *
   * @param flag {@link HashLayout#SPARE} when it shall go back to that list if this thread dies
   * @return its number; 0 when the list is empty
   */
  int pop(long list, int slot, int flag) {
    for (long patience = patience(); patience > 0; patience--) {
      long head = RawMemory.getLongAcquire(list);
      int number = (int) head;
      if (number == 0) {
        return 0;
      }
      hold(slot, number | flag);
      int successor = number + 1 + RawMemory.getInt(node(number) + HashLayout.FREE_OFFSET);
      if (RawMemory.compareAndSetLong(list, head, HashLayout.changed(head, successor))) {
        return number;
      }
    }
    throw damaged("a free list never stands still");
  }

  /** Puts a node that this thread holds into a list. It stays announced. */
  void push(long list, int number) {
    long node = node(number);
    long next = RawMemory.getLong(node + HashLayout.NEXT_OFFSET);
    RawMemory.putLongRelease(
        node + HashLayout.NEXT_OFFSET, HashLayout.changed(next, HashLayout.GONE));
    for (long patience = patience(); patience > 0; patience--) {
      long head = RawMemory.getLongAcquire(list);
      RawMemory.putInt(node + HashLayout.FREE_OFFSET, (int) head - number - 1);
      if (RawMemory.compareAndSetLong(list, head, HashLayout.changed(head, number))) {
        return;
      }
    }
    throw damaged("a free list never stands still");
  }

  /** Puts it where its flag says. */
  void give(int numberAndFlag) {
    push(
        (numberAndFlag & HashLayout.SPARE) != 0 ? spareList() : mainList(),
        numberAndFlag & HashLayout.NUMBER_MASK);
  }

  /**
   * Steps after which an operation has to do with somebody who writes nonsense: more than all
   * honest threads together can make it go.
   */
  long patience() {
    return 8 * count + (1 << 20);
  }
}
