package dev.whatif.ebpf.object;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One map definition out of the type of its variable.
 *
 * <p>The convention (libbpf, {@code bpf_helpers.h}): {@code __uint(name, N)} is a pointer to an
 * array of N ints, {@code __type(name, T)} a pointer to T, {@code __array(values, T)} an array of
 * pointers to T, {@code __ulong(name, N)} an enum whose only value is N.
 */
final class MapReader {

  private static final int PROG_ARRAY = 3;

  /** The one kind that has BTF of a value and no key. */
  private static final int BLOOM_FILTER = 30;

  private static final Set<Integer> MAPS_OF_MAPS = Set.of(12, 13);

  /** libbpf, bpf_object__create_map: kinds that the kernel creates only without BTF. */
  private static final Set<Integer> WITHOUT_BTF =
      Set.of(4, 7, 8, 12, 13, 14, 15, 16, 17, 18, 22, 23, 25, 33);

  private final Btf btf;
  private final String name;
  private int type;
  private int keySize;
  private int valueSize;
  private int maxEntries;
  private int flags;
  private int numaNode;
  private long mapExtra;
  private int keyType;
  private int valueType;
  private Pinning pinning = Pinning.NONE;
  private Optional<MapDefinition> inner = Optional.empty();
  private boolean programs;

  private MapReader(Btf btf, String name) {
    this.btf = btf;
    this.name = name;
  }

  /** The definition of a variable of {@code .maps}. */
  static MapDefinition read(Btf btf, BtfType.Var variable) {
    MapReader reader = new MapReader(btf, variable.name());
    if (variable.linkage() != BtfType.Var.GLOBAL) {
      throw reader.bad("is static", "declare it without static");
    }
    return reader.read(variable.type(), true);
  }

  private MapDefinition read(int structId, boolean outer) {
    if (!(btf.type(btf.resolve(structId)) instanceof BtfType.Struct struct)) {
      throw bad("is no struct but " + btf.kind(btf.resolve(structId)), "define it as libbpf does");
    }
    for (BtfType.Member member : struct.members()) {
      field(member, outer);
    }
    if (type == 0) {
      throw bad("has no type", "add __uint(type, BPF_MAP_TYPE_...)");
    }
    if (inner.isPresent() != MAPS_OF_MAPS.contains(type) && (outer || inner.isPresent())) {
      throw inner.isPresent()
          ? bad("has maps as values and type " + type, "use an array or hash of maps")
          : bad("is a map of maps without values", "add __array(values, struct inner)");
    }
    if (programs && type != PROG_ARRAY) {
      throw bad("has programs as values and type " + type, "use BPF_MAP_TYPE_PROG_ARRAY");
    }
    boolean typed =
        valueType != 0 && (keyType != 0 || type == BLOOM_FILTER) && !WITHOUT_BTF.contains(type);
    return new MapDefinition(
        name,
        type,
        keySize,
        valueSize,
        maxEntries,
        flags,
        numaNode,
        mapExtra,
        typed ? keyType : 0,
        typed ? valueType : 0,
        pinning,
        inner,
        List.of(),
        new byte[0],
        false);
  }

  private void field(BtfType.Member member, boolean outer) {
    switch (member.name()) {
      case "type" -> type = number(member);
      case "max_entries" -> maxEntries = number(member);
      case "map_flags" -> flags = number(member);
      case "numa_node" -> numaNode = number(member);
      case "map_extra" -> mapExtra = wideNumber(member);
      case "key_size" -> keySize = sameSize(keySize, number(member), "key");
      case "value_size" -> valueSize = sameSize(valueSize, number(member), "value");
      case "key" -> {
        keyType = pointee(member);
        keySize = sameSize(keySize, (int) btf.sizeOf(keyType), "key");
      }
      case "value" -> {
        valueType = pointee(member);
        valueSize = sameSize(valueSize, (int) btf.sizeOf(valueType), "value");
      }
      case "pinning" -> {
        int value = number(member);
        if (value < 0 || value >= Pinning.values().length || !outer) {
          throw bad("cannot be pinned in way " + value, "use LIBBPF_PIN_BY_NAME");
        }
        pinning = Pinning.values()[value];
      }
      case "values" -> values(member, outer);
      default ->
          throw bad("has the unknown field '" + member.name() + "'", "remove it: libbpf has none");
    }
  }

  private void values(BtfType.Member member, boolean outer) {
    int element =
        btf.type(btf.resolve(member.type())) instanceof BtfType.Array array
                && btf.type(btf.resolve(array.element())) instanceof BtfType.Pointer pointer
            ? btf.resolve(pointer.target())
            : 0;
    switch (btf.type(element)) {
      case BtfType.FuncProto proto -> programs = true;
      case BtfType.Struct struct when outer ->
          inner = Optional.of(new MapReader(btf, name + ".inner").read(element, false));
      default ->
          throw bad(
              "has values that are neither maps nor programs",
              "use __array(values, struct inner) or __array(values, void (void))");
    }
    valueSize = sameSize(valueSize, Integer.BYTES, "value");
  }

  private int sameSize(int known, int size, String what) {
    if (size <= 0 || (known != 0 && known != size)) {
      throw bad("has a " + what + " of " + size + " and of " + known + " bytes", "state it once");
    }
    return size;
  }

  private int pointee(BtfType.Member member) {
    if (btf.type(btf.resolve(member.type())) instanceof BtfType.Pointer pointer) {
      return pointer.target();
    }
    throw bad(
        "has no type in field '" + member.name() + "'", "use __type(" + member.name() + ",…)");
  }

  private int number(BtfType.Member member) {
    if (btf.type(btf.resolve(member.type())) instanceof BtfType.Pointer pointer
        && btf.type(btf.resolve(pointer.target())) instanceof BtfType.Array array) {
      return array.count();
    }
    throw bad(
        "has no number in field '" + member.name() + "'", "use __uint(" + member.name() + ", N)");
  }

  private long wideNumber(BtfType.Member member) {
    return switch (btf.type(btf.resolve(member.type()))) {
      case BtfType.Enum e when e.values().size() == 1 -> e.values().getFirst().value();
      case BtfType.Enum64 e when e.values().size() == 1 -> e.values().getFirst().value();
      default -> number(member) & 0xffff_ffffL;
    };
  }

  private BadDataException bad(String what, String remedy) {
    return new BadDataException(btf.origin() + ": map '" + name + "' " + what, remedy);
  }

  /** The maps of a {@code .maps} section's variables, in their order. */
  static List<MapDefinition> all(Btf btf, BtfType.DataSec section) {
    List<MapDefinition> maps = new ArrayList<>();
    for (BtfType.Placement placement : section.variables()) {
      if (!(btf.type(placement.type()) instanceof BtfType.Var variable)) {
        throw btf.bad(placement.type(), "is no map definition");
      }
      maps.add(read(btf, variable));
    }
    return maps;
  }
}
