package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The units that can have code of a function.
 *
 * <p>Most compilers describe in each unit all that is inlined there, names included; then the units
 * that mention the name are all. Link-time optimisation and dwz let entries refer to those of other
 * units, which have the names: then also those units count that refer to a matching entry, or to an
 * entry that refers to one, and so on.
 */
final class FunctionUnits {

  /** Inlined function, abstract function, declaration, and one that dwz adds. */
  private static final int MAX_STEPS = 4;

  private final FunctionQuery query;
  private final UnitFilter filter;
  private final Consumer<BadDataException> damage;

  /** Entries with the name, by file: the program's own or the one that dwz made. */
  private final Map<DebugFile, BitSet> matching = new HashMap<>();

  FunctionUnits(FunctionQuery query, Consumer<BadDataException> damage) {
    this.query = query;
    this.filter = new UnitFilter(query.keys());
    this.damage = damage;
  }

  /**
   * Of some units those that can have code of the function.
   *
   * @param units as they describe functions: split ones in place of their skeletons
   * @return their indices
   */
  Set<Integer> of(List<Unit> units) {
    Set<Integer> result = new LinkedHashSet<>();
    for (int i = 0; i < units.size(); i++) {
      if (filter.mayName(units.get(i))) {
        result.add(i);
      }
    }
    if (result.size() < units.size()) {
      addReferring(units, result);
    }
    return result;
  }

  private void addReferring(List<Unit> units, Set<Integer> result) {
    List<Unit> fresh = new ArrayList<>();
    result.forEach(i -> fresh.add(units.get(i)));
    units.stream()
        .map(Unit::file)
        .distinct()
        .filter(f -> f.supplementary() != null)
        .flatMap(f -> f.supplementary().units().stream())
        .filter(filter::mayName)
        .forEach(fresh::add);
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      Unit unit = units.get(i);
      if (!result.contains(i) && unit.file().abbreviations(unit.header()).refersToOtherUnits()) {
        open.add(i);
      }
    }
    for (int step = 0; step < MAX_STEPS && !open.isEmpty() && !fresh.isEmpty(); step++) {
      fresh.forEach(this::collect);
      fresh.clear();
      for (int i : List.copyOf(open)) {
        Unit unit = units.get(i);
        if (refers(unit, unit.file()) || refers(unit, unit.file().supplementary())) {
          result.add(i);
          fresh.add(unit);
          open.remove((Integer) i);
        }
      }
    }
  }

  private boolean refers(Unit unit, @Nullable DebugFile target) {
    BitSet entries = target == null ? null : matching.get(target);
    return entries != null && filter.mayRefer(unit, entries);
  }

  /** Remembers the functions of a unit that match, declarations too. */
  private void collect(Unit unit) {
    BitSet out = matching.computeIfAbsent(unit.file(), f -> new BitSet());
    Abbreviations shapes = unit.file().abbreviations(unit.header());
    EntryReader r =
        new EntryReader(unit.file().sections().reader(SectionKind.INFO), unit.header(), shapes);
    long budget = 64 * (unit.header().end() - unit.header().offset());
    try {
      r.seek(unit.header().firstEntry());
      while (r.hasRemaining()) {
        long entry = r.position();
        int shape = r.shape();
        if (shape < 0) {
          continue;
        }
        budget -= shapes.first(shape + 1) - shapes.first(shape);
        if (budget < 0) {
          throw r.malformed("entries with more attributes than bytes");
        }
        r.skipEntry(shape);
        if (shapes.tag(shape) == Tag.SUBPROGRAM && entry <= Integer.MAX_VALUE) {
          FunctionName name = new Entry(unit, entry).name();
          if (query.matches(name.qualified(), name.linkageName())) {
            out.set((int) entry);
          }
        }
      }
    } catch (BadDataException e) {
      damage.accept(e);
    }
  }
}
