package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the code of one unit: its line table and its tree of functions, cut into
 * spans in which the answer is the same. Thread-safe; each span's answer is made once.
 */
final class UnitCode {

  private final Unit functionUnit;
  private final LineTable lineTable;
  private final FunctionTree tree;
  private final AddressMap physical;
  private final Consumer<BadDataException> damage;

  /** Value: index into the two arrays below, or -1 where nothing is known. */
  private final AddressMap spans;

  private final int[] rowOfSpan;
  private final int[] nodeOfSpan;
  private final AtomicReferenceArray<@Nullable List<SourcePosition>> positions;
  private final AtomicReferenceArray<@Nullable FunctionName> names;

  /** Many copies of one function share its name. */
  private final Map<Long, FunctionName> namesOfInlined = new ConcurrentHashMap<>();

  private UnitCode(
      Unit functionUnit,
      LineTable lineTable,
      FunctionTree tree,
      Consumer<BadDataException> damage) {
    this.functionUnit = functionUnit;
    this.lineTable = lineTable;
    this.tree = tree;
    this.damage = damage;
    this.physical = tree.physical();
    AddressMap lines = lineTable.rows().byAddress();
    AddressMap functions = tree.innermost();
    int most = lines.starts().length + functions.starts().length;
    int[] rowOf = new int[most];
    int[] nodeOf = new int[most];
    this.spans = merge(lines, functions, rowOf, nodeOf);
    this.rowOfSpan = rowOf;
    this.nodeOfSpan = nodeOf;
    this.positions = new AtomicReferenceArray<>(most);
    this.names = new AtomicReferenceArray<>(tree.size());
  }

  /**
   * Reads the tables of a unit. What is damaged is reported and left empty: lines without functions
   * are still worth having, and the reverse.
   *
   * @param linked the unit in the linked file, which has the line program
   * @param described the unit with the functions: the same, or its split unit
   * @param rule which of several rows of one address counts
   */
  static UnitCode read(
      Unit linked, Unit described, LineRule rule, Consumer<BadDataException> damage) {
    FunctionTree tree;
    try {
      tree = FunctionScan.of(described);
    } catch (BadDataException e) {
      damage.accept(e);
      tree = new FunctionTree();
    }
    return new UnitCode(described, LineTable.read(linked, rule, damage), tree, damage);
  }

  /** See {@link DebugInfo#at}. */
  List<SourcePosition> at(long address) {
    int span = spans.valueAt(address);
    if (span < 0) {
      return List.of();
    }
    List<SourcePosition> known = positions.getAcquire(span);
    if (known == null) {
      known = describe(rowOfSpan[span], nodeOfSpan[span]);
      positions.setRelease(span, known);
    }
    return known;
  }

  /** See {@link DebugInfo#function}. */
  Optional<FunctionRange> function(long address) {
    int i = physical.indexOf(address);
    if (i < 0 || physical.values()[i] < 0) {
      return Optional.empty();
    }
    FunctionName name = name(physical.values()[i]);
    long start = physical.starts()[i];
    long size = physical.starts()[i + 1] - start;
    return Optional.of(new FunctionRange(name.qualified(), name.linkageName(), start, size));
  }

  /** Adds the copies of functions that a query accepts. */
  void functions(FunctionQuery query, List<FunctionCode> out) {
    Map<Integer, List<AddressRange>> found = new TreeMap<>();
    for (int node = 0; node < tree.size(); node++) {
      FunctionName name = name(node);
      if (query.matches(name.qualified(), name.linkageName())) {
        found.put(node, new ArrayList<>());
      }
    }
    if (found.isEmpty()) {
      return;
    }
    long[] starts = spans.starts();
    for (int i = 0; i + 1 < starts.length; i++) {
      int span = spans.values()[i];
      for (int n = span < 0 ? -1 : nodeOfSpan[span]; n >= 0; n = tree.parent(n)) {
        List<AddressRange> ranges = found.get(n);
        if (ranges != null) {
          AddressRanges.append(ranges, starts[i], starts[i + 1]);
        }
      }
    }
    found.forEach((node, ranges) -> {
      if (!ranges.isEmpty()) {
        FunctionName name = name(node);
        boolean inlined = tree.parent(node) >= 0;
        out.add(
            new FunctionCode(
                name.qualified(), name.linkageName(), inlined, tree.begin(node), ranges));
      }
    });
  }

  /**
   * The innermost copy of a function around an address, as a number that is its own in this unit.
   *
   * @return -1 when no function is known there
   */
  int functionAt(long address) {
    int span = spans.valueAt(address);
    return span < 0 ? -1 : nodeOfSpan[span];
  }

  /** Where the physical function around a copy of a function begins to run. */
  long beginOfPhysical(int node) {
    int n = node;
    while (tree.parent(n) >= 0) {
      n = tree.parent(n);
    }
    return tree.begin(n);
  }

  private List<SourcePosition> describe(int row, int node) {
    LineRows rows = lineTable.rows();
    String file = row < 0 ? "" : lineTable.path(rows.file(row));
    int line = row < 0 ? 0 : rows.line(row);
    if (node < 0) {
      return List.of(new SourcePosition("", "", null, file, line, false));
    }
    List<SourcePosition> result = new ArrayList<>(tree.depth(node) + 1);
    for (int n = node; n >= 0; n = tree.parent(n)) {
      FunctionName name = name(n);
      boolean inlined = tree.parent(n) >= 0;
      result.add(
          new SourcePosition(name.name(), name.scope(), name.linkageName(), file, line, inlined));
      file = lineTable.path(tree.callFile(n));
      line = tree.callLine(n);
    }
    return List.copyOf(result);
  }

  private FunctionName name(int node) {
    FunctionName known = names.getAcquire(node);
    if (known == null) {
      long origin = tree.origin(node);
      known = origin == 0 ? null : namesOfInlined.get(origin);
    }
    if (known == null) {
      try {
        known = new Entry(functionUnit, tree.entry(node)).name();
      } catch (BadDataException e) {
        damage.accept(e);
        known = FunctionName.UNKNOWN;
      }
      if (tree.origin(node) != 0) {
        namesOfInlined.put(tree.origin(node), known);
      }
    }
    names.setRelease(node, known);
    return known;
  }

  private static AddressMap merge(AddressMap a, AddressMap b, int[] aValues, int[] bValues) {
    AddressMap.Builder out = new AddressMap.Builder(aValues.length);
    int span = 0;
    int i = 0;
    int k = 0;
    while (i < a.starts().length || k < b.starts().length) {
      long nextA = i < a.starts().length ? a.starts()[i] : Long.MAX_VALUE;
      long nextB = k < b.starts().length ? b.starts()[k] : Long.MAX_VALUE;
      long at = Math.min(nextA, nextB);
      if (i < a.starts().length && nextA == at) {
        i++;
      }
      if (k < b.starts().length && nextB == at) {
        k++;
      }
      aValues[span] = i == 0 ? -1 : a.values()[i - 1];
      bValues[span] = k == 0 ? -1 : b.values()[k - 1];
      out.from(at, aValues[span] < 0 && bValues[span] < 0 ? -1 : span);
      span++;
    }
    return out.build();
  }
}
