package dev.whatif.core.dwarf;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntBinaryOperator;

/**
 * Address ranges laid over each other, flattened into what is on top at each address.
 *
 * <p>Works for ranges that nest, as functions and the functions inlined into them do, and in n log
 * n for any others.
 */
final class Overlay {

  private long[] starts = new long[64];
  private long[] ends = new long[64];
  private int[] values = new int[64];
  private int count;

  /** Lays down a range that is not empty. */
  void add(long start, long end, int value) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    starts[count] = start;
    ends[count] = end;
    values[count++] = value;
  }

  /** Bytes of the range that was laid down as the n-th. */
  long length(int range) {
    return ends[range] - starts[range];
  }

  int value(int range) {
    return values[range];
  }

  /**
   * Flattens.
   *
   * @param height compares two ranges, by their number in the order of laying down; negative when
   *     the first lies above
   */
  AddressMap flatten(IntBinaryOperator height) {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(i -> starts[i]));
    PriorityQueue<Integer> covering = new PriorityQueue<>(height::applyAsInt);
    AddressMap.Builder out = new AddressMap.Builder(2 * count);
    int next = 0;
    long at = 0;
    while (next < count || !covering.isEmpty()) {
      if (covering.isEmpty()) {
        at = starts[order[next]];
      }
      while (next < count && starts[order[next]] <= at) {
        covering.add(order[next++]);
      }
      while (!covering.isEmpty() && ends[covering.peek()] <= at) {
        covering.poll();
      }
      if (covering.isEmpty()) {
        out.from(at, -1);
        continue;
      }
      int top = covering.peek();
      out.from(at, values[top]);
      at = next < count ? Math.min(ends[top], starts[order[next]]) : ends[top];
    }
    return out.build();
  }
}
