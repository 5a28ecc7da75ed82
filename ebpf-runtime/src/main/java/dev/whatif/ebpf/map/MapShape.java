package dev.whatif.ebpf.map;

/**
 * What a map was asked to be; everything else about its memory follows from it.
 *
 * @param maxEntries unsigned; bytes of data for a ring buffer
 * @param flags {@code BPF_F_*}
 * @param slots thread slots, for which there are values, holds or rings
 * @param ringBytes data of each ring of a perf event array; 0 for other kinds
 */
public record MapShape(
    MapKind kind,
    int keySize,
    int valueSize,
    int maxEntries,
    int flags,
    int slots,
    long ringBytes) {

  long entries() {
    return Integer.toUnsignedLong(maxEntries);
  }

  /** Key and value as they lie in memory, one behind the other. */
  long paddedKey() {
    return padded(Integer.toUnsignedLong(keySize));
  }

  long paddedValue() {
    return padded(Integer.toUnsignedLong(valueSize));
  }

  /** Bytes that a lookup from Java gives: those of all slots where each has its own. */
  int elementBytes() {
    return kind.perSlot() ? Math.toIntExact(paddedValue() * slots) : valueSize;
  }

  static long padded(long bytes) {
    return bytes + Long.BYTES - 1 & -Long.BYTES;
  }
}
