package dev.whatif.ebpf.btf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The types of one blob by name: a hash table over the bytes of the names, without a string object
 * for any of them.
 */
final class BtfNames {

  private final Btf btf;
  private final int[] heads;
  private final int[] next;

  /**
   * Names may overlap: without a limit, hostile ones would cost their number times their length.
   */
  private static final int HASHED_BYTES = 256;

  BtfNames(Btf btf) {
    this.btf = btf;
    int first = btf.firstId();
    int own = btf.size() - first;
    this.heads = new int[Integer.highestOneBit(Math.max(8, own)) << 1];
    this.next = new int[own];
    Arrays.fill(heads, -1);
    // Backwards, so that every chain is in ascending order.
    for (int i = own - 1; i >= 0; i--) {
      int name = btf.word(first + i, 0);
      if (name == 0) {
        continue;
      }
      int bucket = bucket(hash(name));
      next[i] = heads[bucket];
      heads[bucket] = i;
    }
  }

  /** The types of that name, in ascending order. */
  IntStream ids(String name) {
    if (name.isEmpty()) {
      return IntStream.empty();
    }
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    int hash = 0;
    for (int i = 0; i < Math.min(wanted.length, HASHED_BYTES); i++) {
      hash = hash * 31 + wanted[i];
    }
    IntStream.Builder found = IntStream.builder();
    int first = btf.firstId();
    for (int i = heads[bucket(hash)]; i >= 0; i = next[i]) {
      if (isNamed(btf.word(first + i, 0), wanted)) {
        found.add(first + i);
      }
    }
    return found.build();
  }

  private int bucket(int hash) {
    return (hash ^ hash >>> 15) & heads.length - 1;
  }

  private int hash(int name) {
    Btf owner = owner(name);
    byte[] raw = owner.raw();
    int hash = 0;
    int begin = owner.stringAt(name);
    for (int at = begin; at < begin + HASHED_BYTES && raw[at] != 0; at++) {
      hash = hash * 31 + raw[at];
    }
    return hash;
  }

  private boolean isNamed(int name, byte[] wanted) {
    Btf owner = owner(name);
    byte[] raw = owner.raw();
    int at = owner.stringAt(name);
    return at + wanted.length < raw.length
        && raw[at + wanted.length] == 0
        && Arrays.equals(raw, at, at + wanted.length, wanted, 0, wanted.length);
  }

  /** A module's type may be named by a string of its base. */
  private Btf owner(int name) {
    Btf owner = btf;
    for (Btf base = owner.base();
        base != null && Integer.compareUnsigned(name, base.stringLimit()) < 0;
        base = owner.base()) {
      owner = base;
    }
    return owner;
  }
}
