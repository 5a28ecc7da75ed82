package dev.whatif.ebpf.map;

/**
 * What a definition does not say about a map outside of the kernel.
 *
 * @param slots threads that may use it at the same time, 1 to 1,023: each has a slot of its own
 * @param slot that of the Java side of the creator: no other thread may have it
 * @param perfRingBytes data of each slot's ring in a perf event array, a power of two of pages
 */
public record MapOptions(int slots, int slot, long perfRingBytes) {

  /** 64 threads, of which the creator is the first; rings of 64 KiB. */
  public static final MapOptions DEFAULT = new MapOptions(64, 0, 64 << 10);
}
