package dev.whatif.core.dwarf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Where in a section some names stand: each as a whole text, as the tail of a longer one (linkers
 * share those), or up to its template arguments. Immutable.
 */
final class NamePlaces {

  private static final int CHUNK_BYTES = 1 << 16;

  private final BitSet places;

  private NamePlaces(BitSet places) {
    this.places = places;
  }

  /** Searches a whole section, once for all names. */
  static NamePlaces in(MemorySegment section, List<String> names) {
    Search search = new Search(names);
    BitSet found = new BitSet();
    byte[] chunk = new byte[CHUNK_BYTES + search.longest];
    for (long base = 0;
        base < Math.min(section.byteSize(), Integer.MAX_VALUE);
        base += CHUNK_BYTES) {
      int filled = (int) Math.min(chunk.length, section.byteSize() - base);
      MemorySegment.copy(section, ValueLayout.JAVA_BYTE, base, chunk, 0, filled);
      search.run(chunk, Math.min(filled, CHUNK_BYTES), filled, (int) base, found);
    }
    return new NamePlaces(found);
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  /** Whether one of the names stands at an offset. */
  boolean at(int offset) {
    return offset >= 0 && places.get(offset);
  }

  /** Whether one of the names stands somewhere from one offset on, before another. */
  boolean within(long start, long end) {
    int next = places.nextSetBit((int) Math.min(start, Integer.MAX_VALUE));
    return next >= 0 && next < end;
  }

  /** Looks for several names in arrays of bytes. */
  private static final class Search {

    private final byte[][] names;
    private final boolean[] first = new boolean[256];
    private final int longest;

    Search(List<String> texts) {
      names = new byte[texts.size()][];
      int most = 0;
      for (int i = 0; i < names.length; i++) {
        names[i] = texts.get(i).getBytes(StandardCharsets.UTF_8);
        first[names[i][0] & 0xff] = true;
        most = Math.max(most, names[i].length + 1);
      }
      longest = most;
    }

    void run(byte[] bytes, int starts, int end, int base, BitSet out) {
      for (int i = 0; i < starts; i++) {
        if (first[bytes[i] & 0xff] && isName(bytes, i, end)) {
          out.set(base + i);
        }
      }
    }

    private boolean isName(byte[] bytes, int at, int end) {
      for (byte[] name : names) {
        int behind = at + name.length;
        if (behind < end
            && Arrays.equals(bytes, at, behind, name, 0, name.length)
            && (bytes[behind] == 0 || bytes[behind] == '<' || bytes[behind] == ' ')) {
          return true;
        }
      }
      return false;
    }
  }
}
