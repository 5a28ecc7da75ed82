package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

  CodeSearch(DebugInfo info) {
    this.info = info;
  }

  /**
   * All copies of the functions that a query accepts: physical functions, and every place where one
   * of them was inlined.
   */
  public List<FunctionCode> functions(FunctionQuery query) {
    List<FunctionCode> result = new ArrayList<>();
    for (int i = 0; i < info.units().size(); i++) {
      info.codeOf(i).functions(query, result);
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
    for (int unit : unitsWith(suffix)) {
      Map<String, SourceCode.Builder> files = new HashMap<>();
      for (String path : filesOf(info.units().get(unit))) {
        if (endsWith(path, suffix)) {
          files.put(path, builders.computeIfAbsent(path, p -> new SourceCode.Builder()));
        }
      }
      info.codeOf(unit).lines(files);
    }
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
    Set<String> result = new TreeSet<>();
    info.units().forEach(unit -> result.addAll(filesOf(unit)));
    result.remove("");
    return List.copyOf(result);
  }

  /**
   * Where a statement of a line begins: of each copy of a function that has code of the line, the
   * first such address, as a debugger's breakpoint. Addresses in the part of a function where it
   * begins go before those in parts that were split off.
   *
   * @param path as {@link SourceCode#path()}
   */
  public List<Long> statements(String path, int line) {
    Set<Long> result = new HashSet<>();
    for (int unit : unitsWith(path)) {
      StatementSites sites = new StatementSites(line);
      Unit u = info.units().get(unit);
      try {
        SectionReader r = u.file().sections().reader(SectionKind.LINE);
        LineHeader header = LineHeader.read(r, u.lineProgram(), u);
        sites.wanted(number -> header.files().path(number).equals(path));
        LineProgram.run(r, header, sites);
      } catch (BadDataException e) {
        info.damaged(e);
      }
      result.addAll(sites.chosen(info.codeOf(unit)));
    }
    return result.stream().sorted().toList();
  }

  private List<Integer> unitsWith(String suffix) {
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < info.units().size(); i++) {
      if (filesOf(info.units().get(i)).stream().anyMatch(p -> endsWith(p, suffix))) {
        result.add(i);
      }
    }
    return result;
  }

  private List<String> filesOf(Unit unit) {
    if (unit.lineProgram() < 0) {
      return List.of();
    }
    try {
      SectionReader r = unit.file().sections().reader(SectionKind.LINE, 512);
      return LineHeader.read(r, unit.lineProgram(), unit).files().paths();
    } catch (BadDataException e) {
      info.damaged(e);
      return List.of();
    }
  }

  private static boolean endsWith(String path, String suffix) {
    return path.endsWith(suffix)
        && (path.length() == suffix.length()
            || suffix.startsWith("/")
            || path.charAt(path.length() - suffix.length() - 1) == '/');
  }
}
