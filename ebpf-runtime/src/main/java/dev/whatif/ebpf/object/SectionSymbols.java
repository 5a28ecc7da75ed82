package dev.whatif.ebpf.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The named symbols of each section, found by offset without looking at all of them. */
final class SectionSymbols {

  private final Map<Integer, List<ObjectSymbol>> symbols = new HashMap<>();
  private final Map<Integer, TreeMap<Long, ObjectSymbol>> sized = new HashMap<>();

  SectionSymbols(ObjectFile file) {
    for (ObjectSymbol symbol : file.symbols()) {
      if (symbol.isSection() || symbol.name().isEmpty()) {
        continue;
      }
      symbols.computeIfAbsent(symbol.section(), _ -> new ArrayList<>()).add(symbol);
      if (symbol.size() > 0) {
        sized
            .computeIfAbsent(symbol.section(), _ -> new TreeMap<>())
            .putIfAbsent(symbol.value(), symbol);
      }
    }
  }

  /** All of a section, in the order of the table. */
  List<ObjectSymbol> in(int section) {
    return symbols.getOrDefault(section, List.of());
  }

  /** The one that covers a byte of a section; of several, the one that begins last. */
  Optional<ObjectSymbol> covering(int section, long offset) {
    TreeMap<Long, ObjectSymbol> ofSection = sized.get(section);
    Map.Entry<Long, ObjectSymbol> before = ofSection == null ? null : ofSection.floorEntry(offset);
    return before == null || offset - before.getKey() >= before.getValue().size()
        ? Optional.empty()
        : Optional.of(before.getValue());
  }
}
