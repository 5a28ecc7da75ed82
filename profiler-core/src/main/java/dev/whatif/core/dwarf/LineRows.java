package dev.whatif.core.dwarf;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a line table: sequences of ascending addresses, each a stretch of machine code.
 *
 * <p>Filled by {@link LineProgram}; only what changes file or line is kept.
 */
final class LineRows implements LineSink {

  private long[] addresses = new long[256];
  private int[] files = new int[256];
  private int[] lines = new int[256];
  private int count;

  /** Of each sequence: index of its first row, index behind its last. */
  private int[] bounds = new int[16];

  /** Of each sequence: the address behind its last byte. */
  private long[] ends = new long[8];

  private int sequences;
  private int first;
  private boolean ordered = true;
  private final @Nullable StatementChoice choice;

  LineRows(LineRule rule) {
    choice = rule == LineRule.STATEMENT ? new StatementChoice() : null;
  }

  @Override
  public void row(long address, int file, int line, boolean statement, boolean discriminated) {
    if (choice == null || choice.takes(address, file, line, statement, discriminated)) {
      add(address, file, line);
    }
  }

  private void add(long address, int file, int line) {
    if (count > first && addresses[count - 1] == address) {
      count--; // the last row of an address counts
    }
    if (count > first && files[count - 1] == file && lines[count - 1] == line) {
      return;
    }
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, count * 2);
      files = Arrays.copyOf(files, count * 2);
      lines = Arrays.copyOf(lines, count * 2);
    }
    ordered &= count == first || addresses[count - 1] < address;
    addresses[count] = address;
    files[count] = file;
    lines[count++] = line;
  }

  /** Ends the sequence; one that is empty or discarded by the linker is forgotten. */
  @Override
  public void endSequence(long address) {
    if (choice != null) {
      choice.reset();
    }
    if (!ordered) {
      sortSequence();
    }
    while (count > first && addresses[count - 1] >= address) {
      count--; // an empty row at, or a lie beyond, the end
    }
    if (count > first && !Ranges.isDiscarded(addresses[first])) {
      if (sequences == ends.length) {
        ends = Arrays.copyOf(ends, sequences * 2);
        bounds = Arrays.copyOf(bounds, sequences * 4);
      }
      bounds[2 * sequences] = first;
      bounds[2 * sequences + 1] = count;
      ends[sequences++] = address;
      first = count;
    } else {
      count = first;
    }
    ordered = true;
  }

  /** Adds the addresses that the sequences cover. */
  void coverage(Overlay out, int value) {
    for (int s = 0; s < sequences; s++) {
      out.add(addresses[bounds[2 * s]], ends[s], value);
    }
  }

  /** Some hand-written assembly goes back and forth; of equal addresses the last row counts. */
  private void sortSequence() {
    Integer[] order = new Integer[count - first];
    Arrays.setAll(order, i -> first + i);
    Arrays.sort(order, Comparator.comparingLong(row -> addresses[row]));
    long[] oldAddresses = Arrays.copyOfRange(addresses, first, count);
    int[] oldFiles = Arrays.copyOfRange(files, first, count);
    int[] oldLines = Arrays.copyOfRange(lines, first, count);
    count = first;
    for (int row : order) {
      int old = row - first;
      add(oldAddresses[old], oldFiles[old], oldLines[old]);
    }
  }

  int file(int row) {
    return files[row];
  }

  int line(int row) {
    return lines[row];
  }

  /**
   * The row that holds at each address. Where sequences overlap, the one that begins first wins.
   */
  AddressMap byAddress() {
    Integer[] order = new Integer[sequences];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(s -> addresses[bounds[2 * s]]));
    AddressMap.Builder out = new AddressMap.Builder(count + sequences);
    long reached = Long.MIN_VALUE;
    for (int s : order) {
      if (ends[s] <= reached) {
        continue;
      }
      for (int row = bounds[2 * s]; row < bounds[2 * s + 1]; row++) {
        long until = row + 1 < bounds[2 * s + 1] ? addresses[row + 1] : ends[s];
        if (until > reached) {
          out.from(Math.max(addresses[row], reached), row);
        }
      }
      out.from(ends[s], -1);
      reached = ends[s];
    }
    return out.build();
  }
}
