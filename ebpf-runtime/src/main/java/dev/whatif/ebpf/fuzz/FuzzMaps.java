package dev.whatif.ebpf.fuzz;

import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.Pinning;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The maps that every generated program has, by their index. */
final class FuzzMaps {

  /** One value of {@link ProgramGenerator#VALUE_BYTES}. */
  static final int VALUE = 0;

  static final int HASH = 1;
  static final int ARRAY = 2;
  static final int PERCPU_HASH = 3;
  static final int PERCPU_ARRAY = 4;
  static final int RING = 5;

  /** Read-only: texts, each with its end. */
  static final int TEXT = 6;

  /** Elements of each but the first; a hash table's keys are the numbers below twice as many. */
  static final int ENTRIES = 4;

  /** Bytes of an element of each but the first. */
  static final int ELEMENT_BYTES = 16;

  static final int RING_BYTES = 4096;

  /** Where a text begins in {@link #TEXT}, this many bytes from the last. */
  static final int TEXT_STRIDE = 16;

  /** Formats with two numbers each, then a text for comparisons. */
  static final List<String> TEXTS =
      List.of("%d %d", "%lx:%llu", "%u%%%ld", "%08x %5d", "%i,%x", "abc", "%d\u0001%c");

  /** In the order of the indices. */
  static final List<MapDefinition> ALL =
      List.of(
          map("value", MapType.ARRAY, Integer.BYTES, ProgramGenerator.VALUE_BYTES, 1),
          map("hash", MapType.HASH, Long.BYTES, ELEMENT_BYTES, ENTRIES),
          map("array", MapType.ARRAY, Integer.BYTES, ELEMENT_BYTES, ENTRIES),
          map("percpu_hash", MapType.PERCPU_HASH, Long.BYTES, ELEMENT_BYTES, ENTRIES),
          map("percpu_array", MapType.PERCPU_ARRAY, Integer.BYTES, ELEMENT_BYTES, ENTRIES),
          map("ring", MapType.RINGBUF, 0, 0, RING_BYTES),
          texts());

  private FuzzMaps() {}

  private static MapDefinition map(String name, MapType type, int key, int value, int entries) {
    return definition(name, type, key, value, entries, 0, new byte[0], false);
  }

  private static MapDefinition texts() {
    byte[] bytes = new byte[TEXTS.size() * TEXT_STRIDE];
    for (int i = 0; i < TEXTS.size(); i++) {
      byte[] text = TEXTS.get(i).getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(text, 0, bytes, i * TEXT_STRIDE, text.length);
    }
    return definition(
        "text",
        MapType.ARRAY,
        Integer.BYTES,
        bytes.length,
        1,
        MapDefinition.READ_ONLY_PROGRAM,
        bytes,
        true);
  }

  private static MapDefinition definition(
      String name,
      MapType type,
      int key,
      int value,
      int entries,
      int flags,
      byte[] initial,
      boolean readOnly) {
    return new MapDefinition(
        name,
        type.number(),
        key,
        value,
        entries,
        flags,
        0,
        0,
        0,
        0,
        Pinning.NONE,
        Optional.empty(),
        List.of(),
        initial,
        readOnly);
  }

  /** The keys that a hash table has before a program runs. */
  static List<byte[]> firstKeys() {
    byte[] one = new byte[Long.BYTES];
    byte[] two = new byte[Long.BYTES];
    one[0] = 1;
    two[0] = 2;
    return List.of(one, two);
  }

  /** What an element of a hash table of one value a key has before a program runs. */
  static byte[] firstElement(byte[] key) {
    byte[] element = new byte[ELEMENT_BYTES];
    Arrays.fill(element, (byte) (0x11 * key[0]));
    return element;
  }
}
