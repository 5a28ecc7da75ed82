package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.object.MapDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The maps of a program, seen by a verifier. Immutable. */
final class Maps {

  private static final int WRITE_ONLY_PROGRAM = 1 << 8;

  private final List<MapDefinition> definitions;
  private final List<Optional<MapType>> types;

  Maps(Program program) {
    definitions = program.maps();
    types =
        definitions.stream()
            .map(d -> Arrays.stream(MapType.values()).filter(t -> t.number() == d.type()))
            .map(s -> s.findFirst().filter(Maps::isSupported))
            .toList();
  }

  private static boolean isSupported(MapType type) {
    return switch (type) {
      case HASH, ARRAY, PERCPU_HASH, PERCPU_ARRAY, LRU_HASH -> true;
      case PROG_ARRAY, PERF_EVENT_ARRAY, STACK_TRACE, RINGBUF -> true;
      default -> false;
    };
  }

  /** The map, which whatif must know how to build. */
  MapType require(int map) {
    return types
        .get(map)
        .orElseThrow(() -> {
          MapDefinition definition = definitions.get(map);
          return new Fault(
              "map '%s' is of type %s, which whatif does not have in user space"
                  .formatted(definition.name(), typeName(definition.type())),
              "use a hash, LRU hash, array, their per-CPU kinds, a ring buffer, a perf event array,"
                  + " a program array or a stack trace map; or attach in the kernel");
        });
  }

  private static String typeName(int number) {
    return Arrays.stream(MapType.values())
        .filter(t -> t.number() == number)
        .map(MapType::name)
        .findFirst()
        .orElse("" + number);
  }

  /** Its name in a sentence. */
  String name(int map) {
    return "map '" + definitions.get(map).name() + "'";
  }

  int keyBytes(int map) {
    return definitions.get(map).keySize();
  }

  int valueBytes(int map) {
    return definitions.get(map).valueSize();
  }

  int maxEntries(int map) {
    return definitions.get(map).maxEntries();
  }

  /** Whether programs must not write to it. */
  boolean isReadOnly(int map) {
    return (definitions.get(map).flags() & MapDefinition.READ_ONLY_PROGRAM) != 0;
  }

  /** Whether programs must not read it. */
  boolean isWriteOnly(int map) {
    return (definitions.get(map).flags() & WRITE_ONLY_PROGRAM) != 0;
  }

  /** The bytes of a map that nobody changes any more; empty for all others. */
  Optional<byte[]> frozen(int map) {
    MapDefinition definition = definitions.get(map);
    return isReadOnly(map) && definition.readOnly() && definition.isData()
        ? Optional.of(definition.initialValue())
        : Optional.empty();
  }
}
