package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * BPF_MAP_TYPE_STACK_TRACE: stacks by the hash of their addresses, one for each hash (the id). A
 * stack is written where nobody sees it and then put in its place by one compare-and-set. Programs
 * neither read nor update it otherwise.
 */
public final class StackTraceMap extends BpfMap {

  /** {@code BPF_F_SKIP_FIELD_MASK}: frames to leave out, for whoever walks the stack. */
  public static final long SKIP_MASK = 0xff;

  /** {@code BPF_F_USER_STACK}. */
  public static final long USER_STACK = 1 << 8;

  /** {@code BPF_F_FAST_STACK_CMP}: the same hash is the same stack. */
  public static final long FAST_COMPARE = 1 << 9;

  /** {@code BPF_F_REUSE_STACKID}: the newer stack of two with one id is kept. */
  public static final long REUSE = 1 << 10;

  private final NodePool pool;
  private final long buckets;
  private final long bucketMask;

  StackTraceMap(MapMemory memory, MapGeometry geometry, int slot) {
    super(memory, geometry, slot);
    this.pool = new NodePool(memory.address(), geometry);
    this.buckets = memory.address() + geometry.buckets();
    this.bucketMask = geometry.bucketMask();
  }

  private long bucket(long id) {
    return buckets + id * HashLayout.BUCKET_BYTES;
  }

  /** Frames that it holds of one stack. */
  public int depth() {
    return shape().valueSize() / Long.BYTES;
  }

  /**
   * The id of a stack (bpf_get_stackid), which is remembered unless it is.
   *
   * @param words address of the return addresses, innermost first
   * @param count at most {@link #depth}
   * @return its id; EEXIST when another stack has it; ENOMEM when there is no room
   */
  public int stackId(long words, int count, long flags, int slot) {
    if ((flags & ~(SKIP_MASK | USER_STACK | FAST_COMPARE | REUSE)) != 0
        || count < 0
        || count > depth()) {
      return EINVAL;
    }
    int hash = KeyHash.of(words, count * Long.BYTES);
    long id = hash & bucketMask;
    for (long patience = pool.patience(); patience > 0; patience--) {
      long link = RawMemory.getLongAcquire(bucket(id));
      int old = HashLayout.number(link);
      if (old != 0) {
        boolean same = isStack(old, words, count, hash, (flags & FAST_COMPARE) != 0);
        if (RawMemory.getLongAcquire(bucket(id)) != link) {
          continue;
        }
        if (same) {
          return (int) id;
        }
        if ((flags & REUSE) == 0) {
          return EEXIST;
        }
      }
      int node = pool.pop(pool.mainList(), slot, 0);
      if (node == 0) {
        pool.release(slot);
        return ENOMEM;
      }
      write(node, words, count, hash);
      boolean put = swap(id, link, node, slot);
      int left = put ? old : node;
      if (left != 0) {
        pool.push(pool.mainList(), left);
      }
      pool.release(slot);
      pool.holdSecond(slot, 0);
      if (put) {
        return (int) id;
      }
    }
    throw NodePool.damaged("a stack never stands still");
  }

  /** Puts another node, or none, where one is; the old one is held afterwards. */
  private boolean swap(long id, long link, int node, int slot) {
    pool.holdSecond(slot, HashLayout.number(link));
    return RawMemory.compareAndSetLong(bucket(id), link, HashLayout.changed(link, node));
  }

  private boolean isStack(int number, long words, int count, int hash, boolean fast) {
    long node = pool.node(number);
    return RawMemory.getInt(node + HashLayout.HASH_OFFSET) == hash
        && (fast
            || RawMemory.getLong(node + HashLayout.WORDS_OFFSET) == count
                && KeyHash.equal(node + geometry().valueInNode(), words, count * Long.BYTES));
  }

  private void write(int number, long words, int count, int hash) {
    long node = pool.node(number);
    long bytes = (long) count * Long.BYTES;
    RawMemory.putInt(node + HashLayout.HASH_OFFSET, hash);
    RawMemory.putLong(node + HashLayout.WORDS_OFFSET, count);
    RawMemory.copy(words, node + geometry().valueInNode(), bytes);
    RawMemory.clear(node + geometry().valueInNode() + bytes, shape().valueSize() - bytes);
    long link = RawMemory.getLong(node + HashLayout.NEXT_OFFSET);
    RawMemory.putLongRelease(node + HashLayout.NEXT_OFFSET, HashLayout.changed(link, 0));
  }

  @Override
  public long lookup(long key, int slot) {
    return 0;
  }

  @Override
  public int update(long key, long value, long flags, int slot) {
    return EINVAL;
  }

  @Override
  public int delete(long key, int slot) {
    long id = Integer.toUnsignedLong(RawMemory.getInt(key));
    if (id > bucketMask) {
      return E2BIG;
    }
    for (long patience = pool.patience(); patience > 0; patience--) {
      long link = RawMemory.getLongAcquire(bucket(id));
      int old = HashLayout.number(link);
      if (old == 0) {
        return ENOENT;
      }
      if (swap(id, link, 0, slot)) {
        pool.push(pool.mainList(), old);
        pool.holdSecond(slot, 0);
        return 0;
      }
    }
    throw NodePool.damaged("a stack never stands still");
  }

  @Override
  public int sweep(IntPredicate live) {
    return NodeSweep.sweep(pool, this::forEachLinked, live, shape().slots(), slot());
  }

  private void forEachLinked(IntConsumer action) {
    for (long id = 0; id <= bucketMask; id++) {
      int node = HashLayout.number(RawMemory.getLongAcquire(bucket(id)));
      if (node != 0) {
        action.accept(node);
      }
    }
  }

  @Override
  public long valueStart(long address) {
    return 0;
  }

  @Override
  int read(long key, long element) {
    long id = Integer.toUnsignedLong(RawMemory.getInt(key));
    for (long patience = pool.patience(); patience > 0 && id <= bucketMask; patience--) {
      long link = RawMemory.getLongAcquire(bucket(id));
      int node = HashLayout.number(link);
      if (node == 0) {
        return ENOENT;
      }
      RawMemory.copy(pool.node(node) + geometry().valueInNode(), element, shape().valueSize());
      if (RawMemory.getLongAcquire(bucket(id)) == link) {
        return 0;
      }
    }
    return ENOENT;
  }

  @Override
  int write(long key, long element, long flags) {
    return EINVAL;
  }

  @Override
  int nextKey(long key, long next) {
    long id = 0;
    if (key != 0) {
      id = Integer.toUnsignedLong(RawMemory.getInt(key));
      id = id > bucketMask || RawMemory.getLongAcquire(bucket(id)) << 32 == 0 ? 0 : id + 1;
    }
    for (; id <= bucketMask; id++) {
      if (HashLayout.number(RawMemory.getLongAcquire(bucket(id))) != 0) {
        RawMemory.putInt(next, (int) id);
        return 0;
      }
    }
    return ENOENT;
  }
}
