package dev.whatif.ebpf.map;

import dev.whatif.core.linux.Errno;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which maps can be, as the kernel says in BPF_MAP_CREATE, with the kernel's errno: first the sizes
 * and flags that its kind takes, then what is too large. Flags that only matter to the kernel
 * (BPF_F_NUMA_NODE, who may do what by bpf(2), BPF_F_MMAPABLE) are taken and mean nothing here.
 */
final class MapRules {

  static final int NO_PREALLOC = 1;
  static final int NO_COMMON_LRU = 1 << 1;
  static final int NUMA_NODE = 1 << 2;
  private static final int ACCESS = 1 << 3 | 1 << 4 | 1 << 7 | 1 << 8;
  private static final int PROGRAM_ACCESS = 1 << 7 | 1 << 8;
  private static final int ZERO_SEED = 1 << 6;
  private static final int MMAPABLE = 1 << 10;
  private static final int PRESERVE_ELEMENTS = 1 << 11;
  private static final int INNER_MAP = 1 << 12;

  /** KMALLOC_MAX_SIZE, less what the kernel has before a key. */
  private static final long MOST_ELEMENT_BYTES = (4 << 20) - 48;

  /** PCPU_MIN_UNIT_SIZE. */
  private static final long MOST_SLOT_VALUE_BYTES = 32 << 10;

  /** /proc/sys/kernel/perf_event_max_stack, as the kernel begins. */
  private static final int MOST_STACK_WORDS = 127;

  private static final String SIZES = "give the map the key and value size of its kind";
  private static final String SMALLER = "make keys, values or max_entries smaller";

  private MapRules() {}

  static Optional<MapRefusal> refusal(MapShape shape) {
    MapRefusal refusal =
        switch (shape.kind()) {
          case ARRAY, PERCPU_ARRAY -> array(shape);
          case PROG_ARRAY, PERF_EVENT_ARRAY -> descriptors(shape);
          case HASH, PERCPU_HASH, LRU_HASH -> hash(shape);
          case STACK_TRACE -> stacks(shape);
          case RINGBUF -> ring(shape);
        };
    return Optional.ofNullable(refusal == null ? common(shape) : refusal);
  }

  private static @Nullable MapRefusal array(MapShape shape) {
    MapRefusal refusal = flags(shape, arrayFlags(shape.kind()));
    if (refusal != null) {
      return refusal;
    }
    if (shape.keySize() != Integer.BYTES || shape.valueSize() == 0 || shape.maxEntries() == 0) {
      return MapRefusal.invalid("an array has keys of 4 bytes, values and entries", SIZES);
    }
    if (shape.valueSize() < 0) {
      return MapRefusal.tooBig("a value of 2 GiB or more", SMALLER);
    }
    return slotValue(shape);
  }

  private static int arrayFlags(MapKind kind) {
    int flags = kind == MapKind.PERCPU_ARRAY ? ACCESS : ACCESS | NUMA_NODE;
    flags |= kind == MapKind.PERF_EVENT_ARRAY ? PRESERVE_ELEMENTS : 0;
    return kind == MapKind.ARRAY ? flags | MMAPABLE | INNER_MAP : flags;
  }

  private static @Nullable MapRefusal descriptors(MapShape shape) {
    if (shape.valueSize() != Integer.BYTES) {
      return MapRefusal.invalid("such an array has values of 4 bytes", SIZES);
    }
    if ((shape.flags() & PROGRAM_ACCESS) != 0) {
      return MapRefusal.invalid("programs neither read nor write it", "leave these flags out");
    }
    return array(shape);
  }

  private static @Nullable MapRefusal hash(MapShape shape) {
    int flags = NO_PREALLOC | NO_COMMON_LRU | NUMA_NODE | ACCESS | ZERO_SEED;
    MapRefusal refusal = flags(shape, flags);
    if (refusal != null) {
      return refusal;
    }
    if (shape.kind() != MapKind.LRU_HASH && (shape.flags() & NO_COMMON_LRU) != 0
        || shape.kind() == MapKind.PERCPU_HASH && (shape.flags() & NUMA_NODE) != 0) {
      return MapRefusal.invalid("a flag of another kind of map", "leave it out");
    }
    if (shape.kind() == MapKind.LRU_HASH && (shape.flags() & NO_PREALLOC) != 0) {
      return new MapRefusal(
          Errno.ENOTSUPP,
          "an LRU map has its memory from the beginning",
          "leave BPF_F_NO_PREALLOC out");
    }
    if (shape.maxEntries() == 0 || shape.keySize() == 0 || shape.valueSize() == 0) {
      return MapRefusal.invalid("a hash has keys, values and entries", SIZES);
    }
    long element =
        Integer.toUnsignedLong(shape.keySize()) + Integer.toUnsignedLong(shape.valueSize());
    if (element >= MOST_ELEMENT_BYTES) {
      return MapRefusal.tooBig("%d bytes of key and value".formatted(element), SMALLER);
    }
    refusal = slotValue(shape);
    return refusal != null || shape.entries() <= HashLayout.NUMBER_MASK / 2
        ? refusal
        : MapRefusal.tooBig("%d entries".formatted(shape.entries()), SMALLER);
  }

  private static @Nullable MapRefusal stacks(MapShape shape) {
    MapRefusal refusal = flags(shape, NUMA_NODE | 1 << 3 | 1 << 4);
    if (refusal != null) {
      return refusal;
    }
    int value = shape.valueSize();
    if (shape.maxEntries() == 0
        || shape.keySize() != Integer.BYTES
        || value < Long.BYTES
        || value % Long.BYTES != 0
        || value / Long.BYTES > MOST_STACK_WORDS) {
      return MapRefusal.invalid("a stack has 1 to 127 words of 8 bytes, and an id of 4", SIZES);
    }
    return shape.entries() <= HashLayout.NUMBER_MASK / 2
        ? null
        : MapRefusal.tooBig("%d entries".formatted(shape.entries()), SMALLER);
  }

  private static @Nullable MapRefusal ring(MapShape shape) {
    MapRefusal refusal = flags(shape, NUMA_NODE);
    if (refusal != null) {
      return refusal;
    }
    if (shape.keySize() != 0
        || shape.valueSize() != 0
        || Long.bitCount(shape.entries()) != 1
        || shape.entries() % MapLayout.PAGE != 0) {
      return MapRefusal.invalid(
          "a ring has neither keys nor values, and a power of two of pages", SIZES);
    }
    return ringSize(shape.entries());
  }

  private static @Nullable MapRefusal ringSize(long bytes) {
    return bytes < RingLayout.MOST_BYTES
        ? null
        : MapRefusal.tooBig(
            "a ring of %d bytes".formatted(bytes),
            "at most %d MiB".formatted(RingLayout.MOST_BYTES / 2 >> 20));
  }

  private static @Nullable MapRefusal slotValue(MapShape shape) {
    return shape.kind().perSlot() && shape.paddedValue() > MOST_SLOT_VALUE_BYTES
        ? MapRefusal.tooBig("a value of more than 32 KiB for each CPU", SMALLER)
        : null;
  }

  private static @Nullable MapRefusal flags(MapShape shape, int known) {
    return (shape.flags() & ~known) == 0
        ? null
        : MapRefusal.invalid(
            "flags 0x%x do not exist for %s".formatted(shape.flags() & ~known, shape.kind()),
            "leave them out");
  }

  private static @Nullable MapRefusal common(MapShape shape) {
    if (shape.slots() < 1 || shape.slots() > RingLayout.MOST_SLOTS) {
      return MapRefusal.invalid(
          "%d thread slots".formatted(shape.slots()), "1 to " + RingLayout.MOST_SLOTS);
    }
    if (shape.kind() == MapKind.PERF_EVENT_ARRAY) {
      if (Long.bitCount(shape.ringBytes()) != 1 || shape.ringBytes() % MapLayout.PAGE != 0) {
        return MapRefusal.invalid(
            "%d bytes for each slot".formatted(shape.ringBytes()), "a power of two of pages");
      }
      return ringSize(shape.ringBytes());
    }
    return null;
  }
}
