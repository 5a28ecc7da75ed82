package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which unit an address belongs to, from what the root entries claim. Thread-safe.
 *
 * <p>Where several claim it (identical functions that the linker merged), the one that claims least
 * has it, then the first. Units that have lines but claim nothing, as some assemblers leave them,
 * are asked when nobody else claims an address: then their line tables are read, once.
 */
final class UnitMap {

  private final List<Unit> units;
  private final Consumer<BadDataException> damage;
  private final AddressMap claimed;
  private final List<Integer> silent = new ArrayList<>();
  private volatile @Nullable AddressMap covered;

  UnitMap(List<Unit> units, Consumer<BadDataException> damage) {
    this.units = units;
    this.damage = damage;
    Overlay claims = new Overlay();
    Ranges ranges = new Ranges();
    for (int i = 0; i < units.size(); i++) {
      Unit unit = units.get(i);
      if (unit.isSilent()) {
        silent.add(i);
        continue;
      }
      ranges.clear();
      try {
        unit.ranges(ranges);
      } catch (BadDataException e) {
        damage.accept(e);
      }
      for (int k = 0; k < ranges.size(); k++) {
        claims.add(ranges.start(k), ranges.end(k), i);
      }
    }
    this.claimed = flatten(claims);
  }

  /** Index of the unit that an address belongs to, or -1. */
  int unitAt(long address) {
    int unit = claimed.valueAt(address);
    return unit >= 0 || silent.isEmpty() ? unit : covered().valueAt(address);
  }

  private AddressMap covered() {
    AddressMap known = covered;
    if (known == null) {
      Overlay lines = new Overlay();
      // Units may share a line program; it is run once.
      Set<Long> seen = new HashSet<>();
      for (int i : silent) {
        if (seen.add(units.get(i).lineProgram())) {
          LineTable.read(units.get(i), LineRule.LAST_ROW, damage).rows().coverage(lines, i);
        }
      }
      known = flatten(lines);
      covered = known;
    }
    return known;
  }

  private static AddressMap flatten(Overlay claims) {
    return claims.flatten((a, b) -> {
      int smaller = Long.compare(claims.length(a), claims.length(b));
      return smaller != 0 ? smaller : Integer.compare(a, b);
    });
  }
}
