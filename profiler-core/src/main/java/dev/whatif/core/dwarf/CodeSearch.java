package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The way back through debug information: from the name of a function, or a source file and a line,
 * to the code. The answers agree with {@link DebugInfo#at}: an address is in a function's code when
 * the function is one of the positions there, and in a line's code when the first position has it.
 *
 * <p>Only units that can have an answer are read. Thread-safe; damage costs the answers of one
 * unit, see {@link DebugInfo#damage()}.
 */
public final class CodeSearch {

  private final DebugInfo info;
  private volatile @Nullable SourceIndex index;

  CodeSearch(DebugInfo info) {
    this.info = info;
  }

  /**
   * All copies of the functions that a query accepts: physical functions, and every place where one
   * of them was inlined.
   */
  public List<FunctionCode> functions(FunctionQuery query) {
    List<Unit> described = info.units().stream().map(info::described).toList();
    List<FunctionCode> result = new ArrayList<>();
    for (int unit : new FunctionUnits(query, info::damaged).of(described)) {
      info.codeOf(unit).functions(query, result);
    }
    return result;
  }

  /**
   * The source files with code whose path ends with these components.
   *
   * @param suffix {@code server.c}, {@code src/server.c} or a full path
   */
  public List<SourceCode> sources(String suffix) {
    Map<String, SourceCode.Builder> builders = new TreeMap<>();
    Map<Integer, Set<String>> pathsOfUnit = new TreeMap<>();
    index()
        .endingWith(suffix)
        .forEach((path, units) -> {
          builders.put(path, new SourceCode.Builder());
          for (int unit : units) {
            pathsOfUnit.computeIfAbsent(unit, u -> new HashSet<>()).add(path);
          }
        });
    pathsOfUnit.forEach((unit, paths) -> collect(info.units().get(unit), paths, builders));
    List<SourceCode> result = new ArrayList<>();
    builders.forEach((path, builder) -> {
      if (!builder.isEmpty()) {
        result.add(builder.build(path));
      }
    });
    return result;
  }

  /** Full paths of all source files that have line programs, each once, sorted. */
  public List<String> paths() {
    return index().paths();
  }

  /**
   * Where a statement of a line begins: of each copy of a function that has code of the line, the
   * first such address, as a debugger's breakpoint. Addresses in the part of a function where it
   * begins go before those in parts that were split off.
   *
   * @param path as {@link SourceCode#path()}
   */
  public List<Long> statements(String path, int line) {
    Set<Long> result = new TreeSet<>();
    for (int i : index().unitsOf(path)) {
      StatementSites sites = new StatementSites(line);
      Unit unit = info.units().get(i);
      try {
        SectionReader r = unit.file().sections().reader(SectionKind.LINE);
        LineHeader header = LineHeader.read(r, unit.lineProgram(), unit);
        sites.wanted(number -> header.files().path(number).equals(path));
        LineProgram.run(r, header, sites);
      } catch (BadDataException e) {
        info.damaged(e);
      }
      if (!sites.isEmpty()) {
        result.addAll(sites.chosen(info));
      }
    }
    return List.copyOf(result);
  }

  private void collect(Unit unit, Set<String> paths, Map<String, SourceCode.Builder> out) {
    LineTable table = LineTable.read(unit, info.rule(), info::damaged);
    LineRows rows = table.rows();
    Map<Integer, Optional<SourceCode.Builder>> byNumber = new HashMap<>();
    AddressMap map = rows.byAddress();
    long[] starts = map.starts();
    for (int i = 0; i + 1 < starts.length; i++) {
      int row = map.values()[i];
      if (row >= 0) {
        Optional<SourceCode.Builder> builder =
            byNumber.computeIfAbsent(
                rows.file(row),
                number -> Optional.of(table.path(number)).filter(paths::contains).map(out::get));
        if (builder.isPresent()) {
          builder.get().add(rows.line(row), starts[i], starts[i + 1]);
        }
      }
    }
  }

  private SourceIndex index() {
    SourceIndex known = index;
    if (known == null) {
      known = new SourceIndex(info.units(), info::damaged);
      index = known; // a race makes two that answer the same
    }
    return known;
  }
}
