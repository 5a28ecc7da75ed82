package dev.whatif.causal.account;

import java.util.List;

/**
 * A region's code in one file.
 *
 * @param device of the file, as the kernel numbers it
 * @param inode of the file
 * @param ranges of file offsets; sorted and joined here
 */
public record CodeRanges(int device, long inode, List<Range> ranges) {

  /**
   * A stretch of code.
   *
   * @param start file offset of its first byte
   * @param end file offset behind its last
   */
  public record Range(long start, long end) {}

  /** How many ranges the kernel's program looks through. */
  public static final int MOST = 1024;

  /** Sorts and joins them. */
  public CodeRanges {
    java.util.List<Range> sorted =
        ranges.stream().sorted(java.util.Comparator.comparingLong(Range::start)).toList();
    java.util.List<Range> joined = new java.util.ArrayList<>();
    for (Range range : sorted) {
      Range before = joined.isEmpty() ? null : joined.getLast();
      if (before != null && range.start() <= before.end()) {
        joined.set(
            joined.size() - 1, new Range(before.start(), Math.max(before.end(), range.end())));
      } else if (range.start() < range.end()) {
        joined.add(range);
      }
    }
    ranges = List.copyOf(joined);
  }
}
