package dev.whatif.ebpf.runtime;

/** bpf_csum_diff (net/core/filter.c): sums as of the Internet's checksum, RFC 1071. */
public final class Checksum {

  private static final int WORD = 4;
  private static final long LOW = 0xffff_ffffL;

  private Checksum() {}

  /** Seed + to - from in ones' complement, folded to 16 bits. */
  public static int difference(byte[] from, byte[] to, int seed) {
    long sum = sum(to, seed & LOW);
    if (to.length == 0 && from.length > 0) { // the same but for which zero it is
      sum = ~sum(from, ~seed & LOW) & LOW;
    } else if (from.length > 0) {
      sum = fold(sum + (~sum(from, 0) & LOW));
    }
    for (int i = 0; i < 2; i++) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) sum;
  }

  /** Little-endian words, the last one filled up with zeros. */
  private static long sum(byte[] bytes, long start) {
    long total = start;
    for (int i = 0; i < bytes.length; i++) {
      total = fold(total + ((bytes[i] & 0xffL) << Byte.SIZE * (i % WORD)));
    }
    return total;
  }

  private static long fold(long sum) {
    return (sum & LOW) + (sum >>> Integer.SIZE);
  }
}
