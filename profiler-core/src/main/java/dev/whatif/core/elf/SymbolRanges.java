package dev.whatif.core.elf;

import java.util.Arrays;

/**
 * Turns symbols that may nest and overlap into disjoint ranges in which the symbol that begins last
 * wins, so that a lookup is one binary search however hostile the sizes are.
 */
final class SymbolRanges {

  private final long[] ends;
  private long[] rangeStart;
  private int[] rangeSymbol;
  private int count;
  private final int[] open;
  private int depth;

  /** From symbols in ascending order of distinct start addresses. */
  SymbolRanges(long[] starts, long[] ends) {
    this.ends = ends;
    rangeStart = new long[starts.length * 2];
    rangeSymbol = new int[starts.length * 2];
    open = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      closeUntil(starts[i]);
      begin(starts[i], i);
      open[depth++] = i;
    }
    closeUntil(-1);
    rangeStart = Arrays.copyOf(rangeStart, count);
    rangeSymbol = Arrays.copyOf(rangeSymbol, count);
  }

  long[] starts() {
    return rangeStart;
  }

  int[] symbols() {
    return rangeSymbol;
  }

  /** What ended at or before an address gives way to the symbol around it, or to nothing. */
  private void closeUntil(long address) {
    while (depth > 0 && endsBy(address)) {
      long end = ends[open[--depth]];
      while (depth > 0 && endsBy(end)) {
        depth--;
      }
      begin(end, depth > 0 ? open[depth - 1] : -1);
    }
  }

  private boolean endsBy(long address) {
    return Long.compareUnsigned(ends[open[depth - 1]], address) <= 0;
  }

  private void begin(long start, int symbol) {
    if (count > 0 && rangeStart[count - 1] == start) {
      rangeSymbol[count - 1] = symbol;
    } else {
      rangeStart[count] = start;
      rangeSymbol[count++] = symbol;
    }
  }
}
