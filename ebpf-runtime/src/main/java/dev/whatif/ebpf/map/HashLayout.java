package dev.whatif.ebpf.map;

/**
 * Buckets, nodes and holds of the hash tables and of stack trace maps.
 *
 * <pre>
 *   a link: in a bucket, in a node, and (without its flags) the head of a free list
 *
 *    63                    32  31     30      29                    0
 *   +------------------------+------+-------+------------------------+
 *   | tag: one more at every | gone | spare | number of a node,      |
 *   | change of this word    |      |       | 0 is none              |
 *   +------------------------+------+-------+------------------------+
 *
 *   a node, numbers 1 to node count
 *
 *    0      8      12     16                16 + key                  stride
 *   +------+------+------+-----------------+-----------------------+
 *   | next | hash | free | key, padded to  | value, padded to 8    |   HASH, LRU_HASH
 *   +------+------+------+-----------------+-----------------------+   (PERCPU_HASH: elsewhere)
 *   | next | hash | free | number of words | words                 |   STACK_TRACE
 *   +------+------+------+-----------------+-----------------------+
 *
 *   a hold, one cache line for each slot: nodes that belong to nobody but this thread just now
 *
 *    0                      8
 *   +----------------------+------------------+
 *   | node, spare (bit 30) | a second node    |      0 is none
 *   +----------------------+------------------+
 * </pre>
 *
 * <ul>
 *   <li><b>gone</b> in a node's {@code next}: this node is no element any more. Its {@code next}
 *       does not change until it is used again; whoever walks by takes it out of the chain.
 *   <li><b>spare</b>, with gone: the node goes to the spare list, since the node that replaced it
 *       came from there.
 *   <li><b>free</b>: the next in a free list, minus one, minus this number. So nodes of a new file
 *       (zeros) form a list in the order of their numbers.
 * </ul>
 */
public final class HashLayout {

  public static final int NEXT_OFFSET = 0;
  public static final int HASH_OFFSET = NEXT_OFFSET + Long.BYTES;
  public static final int FREE_OFFSET = HASH_OFFSET + Integer.BYTES;
  public static final int KEY_OFFSET = FREE_OFFSET + Integer.BYTES;

  /** Of a stack trace: how many words follow, in place of a key. */
  public static final int WORDS_OFFSET = KEY_OFFSET;

  public static final int BUCKET_BYTES = Long.BYTES;
  public static final int HOLD_BYTES = 64;

  /** The second node of a hold. */
  public static final int SECOND_HOLD_OFFSET = Long.BYTES;

  public static final int GONE = 1 << 31;
  public static final int SPARE = 1 << 30;
  public static final int NUMBER_MASK = SPARE - 1;

  /** One change of a link. */
  public static final long TAG_ONE = 1L << 32;

  private HashLayout() {}

  /** The node that a link leads to; 0 is none. */
  static int number(long link) {
    return (int) link & NUMBER_MASK;
  }

  /** Whether the node that this is the {@code next} of is no element any more. */
  static boolean gone(long link) {
    return (int) link < 0;
  }

  /** What comes after a link when it is changed to lead to a node, with flags or without. */
  static long changed(long link, int numberAndFlags) {
    return (link & -TAG_ONE) + TAG_ONE | Integer.toUnsignedLong(numberAndFlags);
  }
}
