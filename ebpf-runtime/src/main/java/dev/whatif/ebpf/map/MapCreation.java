package dev.whatif.ebpf.map;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.linux.CpuList;
import dev.whatif.core.linux.RawMemory;
import dev.whatif.ebpf.object.MapDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Makes maps, and finds those that others have made. */
final class MapCreation {

  private MapCreation() {}

  static BpfMap create(MapDefinition definition, MapOptions options) {
    MapKind kind = MapKind.of(definition.type(), definition.name());
    MapShape shape =
        new MapShape(
            kind,
            definition.keySize(),
            definition.valueSize(),
            entries(kind, definition.maxEntries()),
            definition.flags(),
            options.slots(),
            kind == MapKind.PERF_EVENT_ARRAY ? options.perfRingBytes() : 0);
    requireSlot(options.slot(), shape);
    MapGeometry geometry = geometry(definition.name(), shape);
    MapMemory memory = MapMemory.create("whatif:map:" + definition.name(), geometry.regionBytes());
    writeName(memory.address(), definition.name());
    initialise(memory.address(), geometry);
    geometry.write(memory.address());
    BpfMap map = of(memory, geometry, options.slot());
    if (map instanceof ArrayMap array && definition.isData()) {
      array.initialise(definition.initialValue());
    }
    if (map instanceof ArrayMap array && definition.readOnly()) {
      array.freeze();
    }
    return map;
  }

  /** What libbpf does before it asks the kernel. */
  private static int entries(MapKind kind, int defined) {
    if (kind == MapKind.PERF_EVENT_ARRAY && defined == 0) {
      return CpuList.possible().length;
    }
    long page = MapLayout.PAGE;
    if (kind == MapKind.RINGBUF && defined > 0) {
      long pages = (defined + page - 1) / page;
      long rounded = Long.bitCount(pages) == 1 ? pages : Long.highestOneBit(pages) << 1;
      return (int) (rounded * page);
    }
    return defined;
  }

  private static MapGeometry geometry(String name, MapShape shape) {
    Optional<MapRefusal> refusal = MapRules.refusal(shape);
    if (refusal.isPresent()) {
      throw refusal.get().exception(name);
    }
    try {
      MapGeometry geometry = MapGeometry.of(shape);
      // a Java array holds what a lookup gives
      shape.elementBytes();
      return geometry;
    } catch (ArithmeticException e) {
      throw MapRefusal.noMemory("more memory than there are addresses", "make it smaller")
          .exception(name);
    }
  }

  private static void writeName(long region, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    RawMemory.copy(
        Arrays.copyOf(text, Math.min(text.length, MapLayout.NAME_BYTES)),
        region + MapLayout.NAME_OFFSET);
  }

  private static void initialise(long region, MapGeometry geometry) {
    if (geometry.nodeCount() > 0) {
      NodePool.initialise(region, geometry);
    }
    for (long at = geometry.rings();
        at > 0 && at < geometry.regionBytes();
        at += geometry.ringStride()) {
      Ring.initialise(region + at, geometry.ringBytes());
    }
  }

  static BpfMap attach(MapMemory memory, int slot) {
    try {
      MapGeometry geometry = read(memory);
      requireSlot(slot, geometry.shape());
      return of(memory, geometry, slot);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private static MapGeometry read(MapMemory memory) {
    long region = memory.address();
    if (RawMemory.getLongAcquire(region + MapLayout.MAGIC_OFFSET) != MapLayout.MAGIC) {
      throw new BadDataException("the memory holds no map of this version of whatif");
    }
    int number = RawMemory.getInt(region + MapLayout.KIND_OFFSET);
    MapKind kind =
        MapKind.of(number).orElseThrow(() -> NodePool.damaged("there is no kind of map " + number));
    MapShape shape = MapGeometry.shapeAt(region, kind);
    Optional<MapRefusal> refusal = MapRules.refusal(shape);
    if (refusal.isPresent()) {
      throw NodePool.damaged(refusal.get().reason());
    }
    try {
      MapGeometry geometry = MapGeometry.of(shape);
      shape.elementBytes();
      if (geometry.regionBytes() != memory.bytes() || !geometry.isAt(region)) {
        throw NodePool.damaged("its parts are not where they belong");
      }
      return geometry;
    } catch (ArithmeticException e) {
      throw NodePool.damaged("it is larger than memory can be");
    }
  }

  private static void requireSlot(int slot, MapShape shape) {
    if (slot < 0 || slot >= shape.slots()) {
      throw new IllegalArgumentException("slot %d of %d".formatted(slot, shape.slots()));
    }
  }

  private static BpfMap of(MapMemory memory, MapGeometry geometry, int slot) {
    return switch (geometry.shape().kind()) {
      case ARRAY -> new ArrayMap(memory, geometry, slot);
      case PERCPU_ARRAY -> new PerCpuArrayMap(memory, geometry, slot);
      case PROG_ARRAY -> new ProgramArrayMap(memory, geometry, slot);
      case HASH -> new BpfHashMap(memory, geometry, slot);
      case LRU_HASH -> new LruHashMap(memory, geometry, slot);
      case PERCPU_HASH -> new PerCpuHashMap(memory, geometry, slot);
      case STACK_TRACE -> new StackTraceMap(memory, geometry, slot);
      case RINGBUF -> new RingMap(memory, geometry, slot);
      case PERF_EVENT_ARRAY -> new PerfEventMap(memory, geometry, slot);
    };
  }
}
