package dev.whatif.ebpf.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a run leaves.
 *
 * @param returned r0, of which the kernel tells the lower half
 * @param packet as it is afterwards
 * @param maps the contents of each map, in an order that does not depend on who holds it
 */
@SuppressWarnings("ArrayRecordComponent")
record Outcome(long returned, byte[] packet, List<byte[]> maps) {

  /** How another run differs; empty when it does not. */
  Optional<String> differenceTo(Outcome other, boolean wholeR0) {
    boolean same = wholeR0 ? returned == other.returned : (int) returned == (int) other.returned;
    if (!same) {
      return Optional.of("r0 is 0x%x and 0x%x".formatted(returned, other.returned));
    }
    if (!Arrays.equals(packet, other.packet)) {
      return Optional.of("the packet differs " + where(packet, other.packet));
    }
    if (maps.size() != other.maps.size()) {
      return Optional.of(
          "one writes %d ring records, the other %d"
              .formatted(maps.size() - FuzzMaps.RING, other.maps.size() - FuzzMaps.RING));
    }
    for (int i = 0; i < maps.size(); i++) {
      if (!Arrays.equals(maps.get(i), other.maps.get(i))) {
        return Optional.of("map %d differs %s".formatted(i, where(maps.get(i), other.maps.get(i))));
      }
    }
    return Optional.empty();
  }

  private static String where(byte[] one, byte[] other) {
    int at = Arrays.mismatch(one, other);
    int from = at / Long.BYTES * Long.BYTES;
    return "at byte %d: %s and %s".formatted(at, hex(one, from), hex(other, from));
  }

  private static String hex(byte[] bytes, int from) {
    return HexFormat.of()
        .formatHex(bytes, Math.min(from, bytes.length), Math.min(from + Long.BYTES, bytes.length));
  }

  /** Elements in a row, in the order of their keys. */
  static byte[] sorted(List<byte[]> elements) {
    List<byte[]> all = new ArrayList<>(elements);
    all.sort(Arrays::compare);
    int length = all.stream().mapToInt(b -> b.length).sum();
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] element : all) {
      System.arraycopy(element, 0, whole, at, element.length);
      at += element.length;
    }
    return whole;
  }

  /** The values of all CPUs in one: all but one are zero. */
  static byte[] merged(byte[] values, int bytes) {
    byte[] one = new byte[bytes];
    int stride = (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    IntStream.range(0, values.length)
        .filter(i -> i % stride < bytes)
        .forEach(i -> one[i % stride] |= values[i]);
    return one;
  }

  /** A key and its value in a row. */
  static byte[] joined(byte[] key, byte[] value) {
    byte[] both = Arrays.copyOf(key, key.length + value.length);
    System.arraycopy(value, 0, both, key.length, value.length);
    return both;
  }
}
