package dev.whatif.ebpf.object;

import dev.whatif.core.elf.Section;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The elements that maps of maps and of programs begin with: relocations in the array {@code
 * values} of the map's variable (libbpf, {@code bpf_object__collect_map_relos}).
 */
final class MapSlots {

  private static final String MAPS = ".maps";

  private final ObjectFile file;
  private final Btf btf;
  private final Map<String, ObjectSymbol> symbols;
  private final Map<Integer, TreeMap<Long, ObjectSymbol>> byOffset = new HashMap<>();
  private final Predicate<ObjectSymbol> isCode;

  MapSlots(
      ObjectFile file, Btf btf, Map<String, ObjectSymbol> symbols, Predicate<ObjectSymbol> isCode) {
    this.file = file;
    this.btf = btf;
    this.symbols = symbols;
    this.isCode = isCode;
    for (ObjectSymbol symbol : symbols.values()) {
      byOffset.computeIfAbsent(symbol.section(), i -> new TreeMap<>()).put(symbol.value(), symbol);
    }
  }

  /** The same maps, with their elements. */
  List<MapDefinition> fill(List<MapDefinition> maps) {
    Map<String, List<InitialSlot>> slots = new HashMap<>();
    for (int i = 0; i < file.sections().size(); i++) {
      Section section = file.sections().get(i);
      if (section.name().equals(MAPS)) {
        for (ObjectRelocation relocation : file.relocations(i)) {
          add(slots, i, relocation);
        }
      }
    }
    return maps.stream()
        .map(m -> m.withSlots(List.copyOf(slots.getOrDefault(m.name(), List.of()))))
        .toList();
  }

  private void add(Map<String, List<InitialSlot>> slots, int section, ObjectRelocation relocation) {
    long at = relocation.offset();
    TreeMap<Long, ObjectSymbol> here = byOffset.getOrDefault(section, new TreeMap<>());
    Map.Entry<Long, ObjectSymbol> below = here.floorEntry(at);
    if (below == null || at - below.getKey() >= below.getValue().size()) {
      throw file.bad(MAPS, at, "a relocation that lies in no map");
    }
    String map = below.getValue().name();
    long inside = at - below.getKey() - offsetOfValues(map);
    ObjectSymbol target = relocation.symbol();
    boolean program = isCode.test(target);
    if (offsetOfValues(map) < 0
        || inside < 0
        || inside % Long.BYTES != 0
        || inside / Long.BYTES > Integer.MAX_VALUE
        || !(program ? target.isFunction() : symbols.containsKey(target.name()))) {
      throw file.bad(MAPS, at, "'%s' as an element of map '%s'".formatted(target.name(), map));
    }
    slots
        .computeIfAbsent(map, m -> new ArrayList<>())
        .add(new InitialSlot((int) (inside / Long.BYTES), target.name(), program));
  }

  /** Bytes from the beginning of the variable, -1 when it has no such member. */
  private long offsetOfValues(String map) {
    int variable = btf.find(BtfKind.VAR, map).orElse(0);
    if (btf.type(variable) instanceof BtfType.Var v
        && btf.type(btf.resolve(v.type())) instanceof BtfType.Struct struct) {
      for (BtfType.Member member : struct.members()) {
        if (member.name().equals("values")) {
          return member.bitOffset() / 8;
        }
      }
    }
    return -1;
  }
}
