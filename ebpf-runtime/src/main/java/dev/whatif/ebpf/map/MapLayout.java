package dev.whatif.ebpf.map;

/**
 * The first page of a map's region. Little-endian; offsets are bytes from the region's start, which
 * is what a program holds as "the map".
 *
 * <pre>
 *    0       8      12         16           20            24      28      32
 *   +-------+------+----------+------------+-------------+-------+-------+--------------+
 *   | magic | kind | key size | value size | max entries | flags | slots | region bytes |
 *   +-------+------+----------+------------+-------------+-------+-------+--------------+
 *   40      derived from those, written down for machine code: never trusted by Java
 *   +--------+--------------+-------------+---------+-------------+-------+-------------+
 *   | values | value stride | slot stride | buckets | bucket mask | nodes | node stride |
 *   +--------+--------------+-------------+---------+-------------+-------+-------------+
 *   | value in node | holds | references | node count | rings | ring stride | ring bytes |
 *   +---------------+-------+------------+------------+-------+-------------+------------+
 *  192      256         320          384
 *   +------+-----------+------------+------+
 *   | name | main list | spare list | hand |     a cache line each: what operations write
 *   +------+-----------+------------+------+
 *
 *   behind the page, depending on the kind, each part on a page of its own:
 *   ARRAY, PROG_ARRAY    values
 *   PERCPU_ARRAY         values of slot 0, values of slot 1, ...
 *   HASH, LRU_HASH       buckets, holds, references, nodes           {@link HashLayout}
 *   PERCPU_HASH          the same, values of slot 0, values of slot 1, ...
 *   STACK_TRACE          buckets, holds, nodes
 *   RINGBUF              one ring                                    {@link RingLayout}
 *   PERF_EVENT_ARRAY     a ring for each slot
 * </pre>
 */
public final class MapLayout {

  /** "whatif.m". */
  public static final long MAGIC = 0x6d2e_6669_7461_6877L;

  public static final int MAGIC_OFFSET = 0;
  public static final int KIND_OFFSET = MAGIC_OFFSET + Long.BYTES;
  public static final int KEY_SIZE_OFFSET = KIND_OFFSET + Integer.BYTES;
  public static final int VALUE_SIZE_OFFSET = KEY_SIZE_OFFSET + Integer.BYTES;
  public static final int MAX_ENTRIES_OFFSET = VALUE_SIZE_OFFSET + Integer.BYTES;
  public static final int FLAGS_OFFSET = MAX_ENTRIES_OFFSET + Integer.BYTES;
  public static final int SLOTS_OFFSET = FLAGS_OFFSET + Integer.BYTES;
  public static final int REGION_BYTES_OFFSET = SLOTS_OFFSET + Integer.BYTES;

  /** Where the values begin, of slot 0 where there are several. */
  public static final int VALUES_OFFSET = REGION_BYTES_OFFSET + Long.BYTES;

  /** From one value to the next. */
  public static final int VALUE_STRIDE_OFFSET = VALUES_OFFSET + Long.BYTES;

  /** From a value of one slot to that of the next. */
  public static final int SLOT_STRIDE_OFFSET = VALUE_STRIDE_OFFSET + Long.BYTES;

  public static final int BUCKETS_OFFSET = SLOT_STRIDE_OFFSET + Long.BYTES;
  public static final int BUCKET_MASK_OFFSET = BUCKETS_OFFSET + Long.BYTES;

  /** Where node 0 would be: the first is 1. */
  public static final int NODES_OFFSET = BUCKET_MASK_OFFSET + Long.BYTES;

  public static final int NODE_STRIDE_OFFSET = NODES_OFFSET + Long.BYTES;
  public static final int VALUE_IN_NODE_OFFSET = NODE_STRIDE_OFFSET + Long.BYTES;
  public static final int HOLDS_OFFSET = VALUE_IN_NODE_OFFSET + Long.BYTES;

  /** One byte for each node of an LRU map: used since the hand came by. */
  public static final int REFERENCES_OFFSET = HOLDS_OFFSET + Long.BYTES;

  /** Nodes, the spare ones included. */
  public static final int NODE_COUNT_OFFSET = REFERENCES_OFFSET + Long.BYTES;

  public static final int RINGS_OFFSET = NODE_COUNT_OFFSET + Long.BYTES;
  public static final int RING_STRIDE_OFFSET = RINGS_OFFSET + Long.BYTES;

  /** Data of one ring. */
  public static final int RING_BYTES_OFFSET = RING_STRIDE_OFFSET + Long.BYTES;

  /** For people: UTF-8, filled up with zeros. */
  public static final int NAME_OFFSET = 192;

  public static final int NAME_BYTES = 64;

  /** Nodes that an insertion may take. */
  public static final int MAIN_LIST_OFFSET = NAME_OFFSET + NAME_BYTES;

  private static final int CACHE_LINE = 64;

  /** Nodes that a replacement may take. */
  public static final int SPARE_LIST_OFFSET = MAIN_LIST_OFFSET + CACHE_LINE;

  /** Of an LRU map: nodes that the hand has passed, ever. */
  public static final int HAND_OFFSET = SPARE_LIST_OFFSET + CACHE_LINE;

  public static final int PAGE = 4096;

  private MapLayout() {}
}
