package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;

/**
 * The hash of a key: 8 bytes at a time, little-endian, are mixed in by a multiplication to 128 bits
 * whose halves are folded by exclusive or (the step of wyhash); the last 1 to 7 bytes count as a
 * word filled up with zeros. Every bit of the key reaches every bit of the result. It is not made
 * against those who choose keys to collide: a chain is walked from its beginning.
 *
 * <pre>
 *   h = size
 *   for each word w:  p = (h ^ w ^ SEED) * FACTOR;  h = p.low64 ^ p.high64
 *   hash = low 32 bits of h
 * </pre>
 */
public final class KeyHash {

  /** An odd number with as many ones as zeros (2^64 divided by the golden ratio). */
  public static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

  /** So that keys of zeros are no fixed point. */
  public static final long SEED = 0xe703_7ed1_a0b4_28dbL;

  private KeyHash() {}

  /** The hash of so many bytes at an address. */
  static int of(long address, int size) {
    long h = size;
    int at = 0;
    for (; at + Long.BYTES <= size; at += Long.BYTES) {
      h = mix(h ^ RawMemory.getLong(address + at));
    }
    return (int) (at == size ? h : mix(h ^ tail(address + at, size - at)));
  }

  /** Whether two keys are the same. */
  static boolean equal(long left, long right, int size) {
    int at = 0;
    for (; at + Long.BYTES <= size; at += Long.BYTES) {
      if (RawMemory.getLong(left + at) != RawMemory.getLong(right + at)) {
        return false;
      }
    }
    return at == size || tail(left + at, size - at) == tail(right + at, size - at);
  }

  /** 1 to 7 bytes, without touching those behind them: they may not exist. */
  private static long tail(long address, int bytes) {
    long word = 0;
    int at = 0;
    if ((bytes & 4) != 0) {
      word = Integer.toUnsignedLong(RawMemory.getInt(address));
      at = 4;
    }
    if ((bytes & 2) != 0) {
      word |= (RawMemory.getShort(address + at) & 0xffffL) << 8 * at;
      at += 2;
    }
    if ((bytes & 1) != 0) {
      word |= (RawMemory.getByte(address + at) & 0xffL) << 8 * at;
    }
    return word;
  }

  private static long mix(long x) {
    long seeded = x ^ SEED;
    return seeded * FACTOR ^ Math.unsignedMultiplyHigh(seeded, FACTOR);
  }
}
