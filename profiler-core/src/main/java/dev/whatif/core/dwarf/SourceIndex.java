package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Which units have a source file in their line tables, from the headers of these alone. Immutable,
 * thread-safe.
 */
final class SourceIndex {

  private final TreeMap<String, int[]> unitsOfPath = new TreeMap<>();

  /** Reads the headers of all units' line programs. */
  SourceIndex(List<Unit> units, Consumer<BadDataException> damage) {
    // Units may share a line program; its header is read once.
    Map<Long, List<String>> byProgram = new HashMap<>();
    for (int i = 0; i < units.size(); i++) {
      Unit unit = units.get(i);
      if (unit.lineProgram() < 0) {
        continue;
      }
      List<String> paths = byProgram.get(unit.lineProgram());
      if (paths == null) {
        paths = pathsOf(unit, damage);
        byProgram.put(unit.lineProgram(), paths);
        for (String path : paths) {
          add(path, i);
        }
      }
    }
  }

  /** Full paths of all files, sorted. */
  List<String> paths() {
    return List.copyOf(unitsOfPath.keySet());
  }

  /** The files whose last components are these, each with its units. */
  Map<String, int[]> endingWith(String suffix) {
    Map<String, int[]> result = new TreeMap<>();
    unitsOfPath.forEach((path, units) -> {
      if (SourcePath.endsWith(path, suffix)) {
        result.put(path, units);
      }
    });
    return result;
  }

  /** The units of one file. */
  int[] unitsOf(String path) {
    return unitsOfPath.getOrDefault(path, new int[0]);
  }

  private void add(String path, int unit) {
    if (path.isEmpty()) {
      return;
    }
    int[] known = unitsOfPath.get(path);
    int[] more = known == null ? new int[1] : Arrays.copyOf(known, known.length + 1);
    more[more.length - 1] = unit;
    unitsOfPath.put(path, more);
  }

  private static List<String> pathsOf(Unit unit, Consumer<BadDataException> damage) {
    try {
      SectionReader r = unit.file().sections().reader(SectionKind.LINE, 512);
      return LineHeader.read(r, unit.lineProgram(), unit).files().paths();
    } catch (BadDataException e) {
      damage.accept(e);
      return new ArrayList<>();
    }
  }
}
