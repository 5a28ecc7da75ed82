package dev.whatif.ebpf.map;

import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.Pinning;
import java.util.List;
import java.util.Optional;

/** Maps as an object would define them. */
final class Definitions {

  private Definitions() {}

  static MapDefinition of(MapKind kind, int keySize, int valueSize, int maxEntries) {
    return of(kind.number(), keySize, valueSize, maxEntries, 0);
  }

  static MapDefinition of(int type, int keySize, int valueSize, int maxEntries, int flags) {
    return new MapDefinition(
        "tested",
        type,
        keySize,
        valueSize,
        maxEntries,
        flags,
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
}
