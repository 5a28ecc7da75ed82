package dev.whatif.core.dwarf;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The code that came from one source file, line by line. Immutable. */
public final class SourceCode {

  private final String path;
  private final NavigableMap<Integer, List<AddressRange>> lines;

  private SourceCode(String path, NavigableMap<Integer, List<AddressRange>> lines) {
    this.path = path;
    this.lines = lines;
  }

  /** Full path of the source file, normalised. */
  public String path() {
    return path;
  }

  /** All code of a line, disjoint in ascending order; empty when it has none. */
  public List<AddressRange> code(int line) {
    return AddressRanges.union(lines.getOrDefault(line, List.of()));
  }

  /** The next lines behind one that have code. */
  public List<Integer> behind(int line, int most) {
    return lines.tailMap(line, false).keySet().stream().limit(most).toList();
  }

  /** The last line that has code. */
  public int lastLine() {
    return lines.lastKey();
  }

  /** Collects. */
  static final class Builder {

    private final TreeMap<Integer, List<AddressRange>> lines = new TreeMap<>();

    void add(int line, long start, long end) {
      if (line > 0) {
        lines.computeIfAbsent(line, l -> new ArrayList<>(1)).add(new AddressRange(start, end));
      }
    }

    boolean isEmpty() {
      return lines.isEmpty();
    }

    SourceCode build(String path) {
      return new SourceCode(path, lines);
    }
  }
}
