package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import java.util.List;

/**
 * Where everything lies in a map's region: computed from its shape, here, and never read from the
 * memory that others write. Offsets from the region's start, {@link MapLayout} says of what; 0
 * where a kind has no such part.
 */
record MapGeometry(
    MapShape shape,
    long regionBytes,
    long values,
    long valueStride,
    long slotStride,
    long buckets,
    long bucketMask,
    long nodes,
    long nodeStride,
    long valueInNode,
    long holds,
    long references,
    long nodeCount,
    long rings,
    long ringStride,
    long ringBytes) {

  /** Replacements under way at the same time, in a map that is full. */
  static final int SPARE_NODES = 256;

  /**
   * Computes it.
   *
   * @throws ArithmeticException when it has more bytes than there are numbers
   */
  static MapGeometry of(MapShape shape) {
    Allotment at = new Allotment();
    return switch (shape.kind()) {
      case ARRAY, PROG_ARRAY -> {
        long stride = shape.paddedValue();
        long values = at.take(shape.entries(), stride);
        yield array(shape, at.end, values, stride, 0);
      }
      case PERCPU_ARRAY -> {
        long stride = shape.paddedValue();
        long slotStride = pages(Math.multiplyExact(shape.entries(), stride));
        long values = at.take(shape.slots(), slotStride);
        yield array(shape, at.end, values, stride, slotStride);
      }
      case HASH, LRU_HASH, PERCPU_HASH -> hash(shape, at);
      case STACK_TRACE -> stacks(shape, at);
      case RINGBUF -> rings(shape, at, 1, shape.entries());
      case PERF_EVENT_ARRAY -> rings(shape, at, shape.slots(), shape.ringBytes());
    };
  }

  private static MapGeometry array(
      MapShape shape, long bytes, long values, long stride, long slotStride) {
    return new MapGeometry(
        shape, bytes, values, stride, slotStride, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  private static MapGeometry hash(MapShape shape, Allotment at) {
    long count = shape.entries() + SPARE_NODES;
    long bucketCount = powerOfTwo(shape.entries());
    long buckets = at.take(bucketCount, HashLayout.BUCKET_BYTES);
    long holds = at.take(shape.slots(), HashLayout.HOLD_BYTES);
    long references = shape.kind() == MapKind.LRU_HASH ? at.take(count + 1, 1) : 0;
    boolean elsewhere = shape.kind().perSlot();
    long valueInNode = HashLayout.KEY_OFFSET + shape.paddedKey();
    long stride = valueInNode + (elsewhere ? 0 : shape.paddedValue());
    long nodes = at.take(count + 1, stride);
    long valueStride = elsewhere ? shape.paddedValue() : 0;
    long slotStride = elsewhere ? pages(Math.multiplyExact(count + 1, valueStride)) : 0;
    long values = elsewhere ? at.take(shape.slots(), slotStride) : 0;
    return new MapGeometry(
        shape,
        at.end,
        values,
        valueStride,
        slotStride,
        buckets,
        bucketCount - 1,
        nodes,
        stride,
        valueInNode,
        holds,
        references,
        count,
        0,
        0,
        0);
  }

  private static MapGeometry stacks(MapShape shape, Allotment at) {
    long bucketCount = powerOfTwo(shape.entries());
    long buckets = at.take(bucketCount, HashLayout.BUCKET_BYTES);
    long holds = at.take(shape.slots(), HashLayout.HOLD_BYTES);
    long valueInNode = HashLayout.WORDS_OFFSET + Long.BYTES;
    long stride = valueInNode + shape.paddedValue();
    long nodes = at.take(shape.entries() + 1, stride);
    return new MapGeometry(
        shape,
        at.end,
        0,
        0,
        0,
        buckets,
        bucketCount - 1,
        nodes,
        stride,
        valueInNode,
        holds,
        0,
        shape.entries(),
        0,
        0,
        0);
  }

  private static MapGeometry rings(MapShape shape, Allotment at, long count, long size) {
    long stride = RingLayout.bytes(size);
    long rings = at.take(count, stride);
    return new MapGeometry(shape, at.end, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, rings, stride, size);
  }

  /** Nodes that insertions may take; the others are spare. */
  long mainNodes() {
    return shape.entries();
  }

  /** Writes down, for machine code, what was computed. */
  void write(long region) {
    RawMemory.putInt(region + MapLayout.KIND_OFFSET, shape.kind().number());
    RawMemory.putInt(region + MapLayout.KEY_SIZE_OFFSET, shape.keySize());
    RawMemory.putInt(region + MapLayout.VALUE_SIZE_OFFSET, shape.valueSize());
    RawMemory.putInt(region + MapLayout.MAX_ENTRIES_OFFSET, shape.maxEntries());
    RawMemory.putInt(region + MapLayout.FLAGS_OFFSET, shape.flags());
    RawMemory.putInt(region + MapLayout.SLOTS_OFFSET, shape.slots());
    List<Long> words = words();
    for (int i = 0; i < words.size(); i++) {
      RawMemory.putLong(region + MapLayout.REGION_BYTES_OFFSET + 8L * i, words.get(i));
    }
    RawMemory.putLongRelease(region + MapLayout.MAGIC_OFFSET, MapLayout.MAGIC);
  }

  /** The shape that a region says it has. */
  static MapShape shapeAt(long region, MapKind kind) {
    return new MapShape(
        kind,
        RawMemory.getInt(region + MapLayout.KEY_SIZE_OFFSET),
        RawMemory.getInt(region + MapLayout.VALUE_SIZE_OFFSET),
        RawMemory.getInt(region + MapLayout.MAX_ENTRIES_OFFSET),
        RawMemory.getInt(region + MapLayout.FLAGS_OFFSET),
        RawMemory.getInt(region + MapLayout.SLOTS_OFFSET),
        kind == MapKind.PERF_EVENT_ARRAY
            ? RawMemory.getLong(region + MapLayout.RING_BYTES_OFFSET)
            : 0);
  }

  /** Whether what a region has written down is this. */
  boolean isAt(long region) {
    List<Long> words = words();
    for (int i = 0; i < words.size(); i++) {
      if (RawMemory.getLong(region + MapLayout.REGION_BYTES_OFFSET + 8L * i) != words.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** In the order of {@link MapLayout}. */
  private List<Long> words() {
    return List.of(
        regionBytes,
        values,
        valueStride,
        slotStride,
        buckets,
        bucketMask,
        nodes,
        nodeStride,
        valueInNode,
        holds,
        references,
        nodeCount,
        rings,
        ringStride,
        ringBytes);
  }

  private static long powerOfTwo(long atLeast) {
    return atLeast <= 1 ? 1 : Long.highestOneBit(atLeast - 1) << 1;
  }

  private static long pages(long bytes) {
    return Math.addExact(bytes, MapLayout.PAGE - 1) & -MapLayout.PAGE;
  }

  /** Parts one behind the other, each from a page on. */
  private static final class Allotment {
    private long end = MapLayout.PAGE;

    long take(long count, long bytes) {
      long at = end;
      end = pages(Math.addExact(at, Math.multiplyExact(count, bytes)));
      return at;
    }
  }
}
