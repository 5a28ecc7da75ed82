package dev.whatif.core.dwarf;

import java.util.Arrays;

/**
 * Numbers over the address line: from each start on, up to the next, one value holds. Immutable.
 *
 * @param starts ascending
 * @param values as many; -1 for a gap
 */
@SuppressWarnings("ArrayRecordComponent") // read in place; nobody in this package writes them
record AddressMap(long[] starts, int[] values) {

  /** Index of the stretch that holds an address, or -1 when it lies before the first. */
  int indexOf(long address) {
    int i = Arrays.binarySearch(starts, address);
    return i >= 0 ? i : -i - 2;
  }

  /** The value at an address, or -1. */
  int valueAt(long address) {
    int i = indexOf(address);
    return i < 0 ? -1 : values[i];
  }

  /** Collects stretches from low to high addresses; neighbours of equal value become one. */
  static final class Builder {

    private long[] starts;
    private int[] values;
    private int count;

    Builder(int expected) {
      starts = new long[Math.max(16, expected)];
      values = new int[Math.max(16, expected)];
    }

    /** From this address on; it must not be lower than the last. */
    void from(long address, int value) {
      if (count > 0 && starts[count - 1] == address) {
        count--;
      }
      if (count > 0 && values[count - 1] == value) {
        return;
      }
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
        values = Arrays.copyOf(values, count * 2);
      }
      starts[count] = address;
      values[count++] = value;
    }

    AddressMap build() {
      return new AddressMap(Arrays.copyOf(starts, count), Arrays.copyOf(values, count));
    }
  }
}
