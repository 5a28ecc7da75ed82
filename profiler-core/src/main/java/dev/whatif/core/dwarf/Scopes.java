package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.Arrays;

/**
 * The namespaces and classes of a unit, to write {@code std::vector<int>::size} where an entry is
 * only called {@code size}: entries do not know what encloses them. Immutable, thread-safe.
 */
final class Scopes {

  /** A unit without any. */
  static final Scopes NONE = new Scopes();

  private static final int MAX_DEPTH = 64;

  private long[] starts = new long[16];
  private long[] ends = new long[16];
  private int[] parents = new int[16];
  private boolean[] namespaces = new boolean[16];
  private int count;

  private Scopes() {}

  /**
   * Walks over all entries of a unit.
   *
   * @throws BadDataException when they are damaged
   */
  static Scopes of(Unit unit) {
    Abbreviations shapes = unit.file().abbreviations(unit.header());
    EntryReader r =
        new EntryReader(unit.file().sections().reader(SectionKind.INFO), unit.header(), shapes);
    Scopes result = new Scopes();
    long budget = 64 * (unit.header().end() - unit.header().offset());
    int[] around = new int[64];
    around[0] = -1;
    int level = 0;
    r.seek(unit.header().firstEntry());
    while (r.hasRemaining()) {
      long entry = r.position();
      int shape = r.shape();
      if (shape < 0) {
        int closed = around[level];
        if (--level <= 0) {
          break;
        }
        if (closed != around[level]) {
          result.ends[closed] = entry;
        }
        continue;
      }
      budget -= shapes.first(shape + 1) - shapes.first(shape);
      if (budget < 0) {
        throw r.malformed("entries with more attributes than bytes");
      }
      r.skipEntry(shape);
      if (shapes.hasChildren(shape)) {
        if (++level == around.length) {
          around = Arrays.copyOf(around, level * 2);
        }
        int outer = around[level - 1];
        around[level] =
            Tag.isScope(shapes.tag(shape)) ? result.add(entry, outer, shapes.tag(shape)) : outer;
      } else if (level == 0) {
        break;
      }
    }
    return result;
  }

  /** The innermost scope around an entry that is not one itself, or -1. */
  int around(long entry) {
    int i = Arrays.binarySearch(starts, 0, count, entry);
    int scope = i >= 0 ? parents[i] : -i - 2;
    while (scope >= 0 && ends[scope] <= entry) {
      scope = parents[scope];
    }
    return scope;
  }

  /** Offset of a scope's entry. */
  long entry(int scope) {
    return starts[scope];
  }

  /** Whether a scope is a namespace; else a class. */
  boolean isNamespace(int scope) {
    return namespaces[scope];
  }

  /** The scope around a scope, or -1; ends after 64 levels. */
  int parent(int scope) {
    return parents[scope];
  }

  private int add(long entry, int parent, int tag) {
    if (depth(parent) >= MAX_DEPTH) {
      return parent;
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      parents = Arrays.copyOf(parents, count * 2);
      namespaces = Arrays.copyOf(namespaces, count * 2);
    }
    starts[count] = entry;
    ends[count] = Long.MAX_VALUE;
    parents[count] = parent;
    namespaces[count] = tag == Tag.NAMESPACE;
    return count++;
  }

  private int depth(int scope) {
    int depth = 0;
    for (int s = scope; s >= 0; s = parents[s]) {
      depth++;
    }
    return depth;
  }
}
