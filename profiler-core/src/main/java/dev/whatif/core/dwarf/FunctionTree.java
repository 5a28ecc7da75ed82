package dev.whatif.core.dwarf;

import java.util.Arrays;

/**
 * The functions of a unit that own code and the functions inlined into them, as a tree in arrays.
 *
 * <p>A node is an index; a parent comes before its children. Filled by {@link FunctionScan}.
 */
final class FunctionTree {

  /**
   * Deeper than compilers inline: whatever claims more keeps the innermost as its caller's code.
   */
  static final int MAX_DEPTH = 256;

  private long[] entries = new long[64];
  private int[] parents = new int[64];
  private int[] callFiles = new int[64];
  private int[] callLines = new int[64];
  private short[] depths = new short[64];
  private long[] begins = new long[64];
  private long[] origins = new long[64];
  private int count;
  private final Overlay code = new Overlay();
  private final Overlay bodies = new Overlay();

  /**
   * Adds a function.
   *
   * @param entry offset of its entry in {@code .debug_info}
   * @param parent node that it was inlined into, or -1 for a physical function
   * @param begin address where it begins to run, or 0: where its first range does
   * @return its node
   */
  int add(long entry, int parent, int callFile, int callLine, Ranges ranges, long begin) {
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, count * 2);
      parents = Arrays.copyOf(parents, count * 2);
      callFiles = Arrays.copyOf(callFiles, count * 2);
      callLines = Arrays.copyOf(callLines, count * 2);
      depths = Arrays.copyOf(depths, count * 2);
      begins = Arrays.copyOf(begins, count * 2);
      origins = Arrays.copyOf(origins, count * 2);
    }
    int node = count++;
    entries[node] = entry;
    parents[node] = parent;
    callFiles[node] = callFile;
    callLines[node] = callLine;
    begins[node] = begin != 0 ? begin : ranges.start(0);
    depths[node] = (short) (parent < 0 ? 0 : depths[parent] + 1);
    for (int i = 0; i < ranges.size(); i++) {
      code.add(ranges.start(i), ranges.end(i), node);
      if (parent < 0) {
        bodies.add(ranges.start(i), ranges.end(i), node);
      }
    }
    return node;
  }

  /** Says which entry of the same file describes all copies of an inlined function. */
  void origin(int node, long entry) {
    origins[node] = entry;
  }

  /** Offset of the entry that describes all copies of an inlined function, 0 when unknown. */
  long origin(int node) {
    return origins[node];
  }

  int size() {
    return count;
  }

  /** Offset of the function's entry. */
  long entry(int node) {
    return entries[node];
  }

  /** The node that a function was inlined into, or -1. */
  int parent(int node) {
    return parents[node];
  }

  int callFile(int node) {
    return callFiles[node];
  }

  int callLine(int node) {
    return callLines[node];
  }

  /** Address of the instruction where it begins to run. */
  long begin(int node) {
    return begins[node];
  }

  /** How many functions it was inlined through. */
  int depth(int node) {
    return depths[node];
  }

  /** The innermost node at each address. */
  AddressMap innermost() {
    return code.flatten((a, b) -> {
      int deeper = Integer.compare(depths[code.value(b)], depths[code.value(a)]);
      return deeper != 0 ? deeper : Long.compare(code.length(a), code.length(b));
    });
  }

  /** The physical function at each address. */
  AddressMap physical() {
    return bodies.flatten((a, b) -> Long.compare(bodies.length(a), bodies.length(b)));
  }
}
