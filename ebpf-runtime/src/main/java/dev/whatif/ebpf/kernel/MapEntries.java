package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfBatchAttr;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads all elements of a map, many in a call where the kernel can ({@code BPF_MAP_LOOKUP_BATCH},
 * since 5.6), else key by key.
 *
 * <p>Programs go on meanwhile: an element that comes or goes may be read or not; in batches of a
 * hash none is read twice.
 */
public final class MapEntries {

  /**
   * An element.
   *
   * @param value as {@link KernelMap#lookup} gives it
   */
  public record Entry(byte[] key, byte[] value) {}

  private static final int BATCH = 1024;

  /** Values may have megabytes: so much memory at once, unless a single element needs more. */
  private static final long BATCH_BYTES = 1 << 22;

  private MapEntries() {}

  /** All elements, in the kernel's order. */
  public static List<Entry> of(KernelMap map) {
    return batches(map).orElseGet(() -> oneByOne(map));
  }

  private static Optional<List<Entry>> batches(KernelMap map) {
    List<Entry> entries = new ArrayList<>();
    int keyBytes = map.keyBytes();
    int valueBytes = map.elementBytes();
    int room = room(map);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment position = arena.allocate(Math.max(keyBytes, Integer.BYTES), 8);
      MemorySegment from = MemorySegment.NULL;
      MemorySegment keys = arena.allocate((long) keyBytes * room, 8);
      MemorySegment values = arena.allocate((long) valueBytes * room, 8);
      while (true) {
        BpfBatchAttr attr =
            new BpfBatchAttr(arena, map.fd(), keys, values, room).position(from, position);
        int result = Bpf.tryCall(BpfCommand.BPF_MAP_LOOKUP_BATCH, attr);
        if (-result == Errno.ENOSPC.value()) {
          room = Math.multiplyExact(room, 2); // a bucket of the hash has more elements than that
          keys = arena.allocate((long) keyBytes * room, 8);
          values = arena.allocate((long) valueBytes * room, 8);
          continue;
        }
        if (result < 0 && -result != Errno.ENOENT.value()) {
          if (entries.isEmpty()) {
            return Optional.empty();
          }
          throw Refusal.ofElement(map, BpfCommand.BPF_MAP_LOOKUP_BATCH, result);
        }
        for (long i = 0; i < attr.count(); i++) {
          entries.add(
              new Entry(
                  keys.asSlice(i * keyBytes, keyBytes).toArray(ValueLayout.JAVA_BYTE),
                  values.asSlice(i * valueBytes, valueBytes).toArray(ValueLayout.JAVA_BYTE)));
        }
        if (result < 0) {
          return Optional.of(entries);
        }
        from = position;
      }
    }
  }

  /** How many elements at once. */
  static int room(KernelMap map) {
    long entries = Math.min(BATCH, Math.max(Integer.toUnsignedLong(map.maxEntries()), 1));
    long element = (long) map.keyBytes() + map.elementBytes();
    return (int) Math.clamp(BATCH_BYTES / Math.max(element, 1), 1, entries);
  }

  /** A key that was removed meanwhile would start again from the first: the count is bounded. */
  private static List<Entry> oneByOne(KernelMap map) {
    List<Entry> entries = new ArrayList<>();
    Optional<byte[]> key = map.nextKey(new byte[0]);
    long most = 2L * Integer.toUnsignedLong(map.maxEntries());
    for (long i = 0; key.isPresent() && i < most; i++) {
      byte[] current = key.get();
      map.lookup(current).ifPresent(v -> entries.add(new Entry(current, v)));
      key = map.nextKey(current);
    }
    return entries;
  }
}
