package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.Pinning;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One map of each type, as the cases name them. */
final class TestMaps {

  static final int TEXT_BYTES = 64;

  /** In this order in every program. */
  static final List<MapDefinition> ALL =
      List.of(
          map("hash", MapType.HASH, 8, 16, 16),
          map("array", MapType.ARRAY, 4, 8, 4),
          map("percpu", MapType.PERCPU_ARRAY, 4, 8, 4),
          map("lru", MapType.LRU_HASH, 4, 8, 4),
          map("ring", MapType.RINGBUF, 0, 0, 4096),
          map("events", MapType.PERF_EVENT_ARRAY, 4, 4, 2),
          map("programs", MapType.PROG_ARRAY, 4, 4, 2),
          map("stacks", MapType.STACK_TRACE, 4, 127 * 8, 16),
          data("rodata", true, text()),
          data("data", false, new byte[64]),
          map("percpuhash", MapType.PERCPU_HASH, 4, 8, 4));

  private TestMaps() {}

  static int indexOf(String name) {
    for (int i = 0; i < ALL.size(); i++) {
      if (ALL.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no map " + name);
  }

  static MapDefinition map(String name, MapType type, int key, int value, int entries) {
    return new MapDefinition(
        name,
        type.number(),
        key,
        value,
        entries,
        0,
        0,
        0,
        0,
        0,
        Pinning.NONE,
        Optional.empty(),
        List.of(),
        new byte[0],
        false);
  }

  private static MapDefinition data(String name, boolean readOnly, byte[] value) {
    return new MapDefinition(
        name,
        MapType.ARRAY.number(),
        Integer.BYTES,
        value.length,
        1,
        readOnly ? MapDefinition.READ_ONLY_PROGRAM : 0,
        0,
        0,
        0,
        0,
        Pinning.NONE,
        Optional.empty(),
        List.of(),
        value,
        readOnly);
  }

  /** 0: the number 5; 8: "%d of %d"; 32: bytes without an end. */
  private static byte[] text() {
    byte[] bytes = new byte[TEXT_BYTES];
    bytes[0] = 5;
    byte[] format = "%d of %d".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(format, 0, bytes, 8, format.length);
    Arrays.fill(bytes, 32, TEXT_BYTES, (byte) 'x');
    return bytes;
  }
}
