package dev.whatif.core.dwarf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists of address ranges, brought into order. */
public final class AddressRanges {

  private AddressRanges() {}

  /** Adds a range that begins at or behind the end of the last one; makes one of neighbours. */
  static void append(List<AddressRange> ranges, long start, long end) {
    if (!ranges.isEmpty() && ranges.getLast().end() == start) {
      ranges.set(ranges.size() - 1, new AddressRange(ranges.getLast().start(), end));
    } else {
      ranges.add(new AddressRange(start, end));
    }
  }

  /** The same addresses as disjoint ranges in ascending order that do not touch. */
  public static List<AddressRange> union(List<AddressRange> ranges) {
    List<AddressRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(AddressRange::start));
    List<AddressRange> result = new ArrayList<>();
    for (AddressRange r : sorted) {
      if (!result.isEmpty() && r.start() <= result.getLast().end()) {
        AddressRange last = result.getLast();
        result.set(
            result.size() - 1, new AddressRange(last.start(), Math.max(last.end(), r.end())));
      } else {
        result.add(r);
      }
    }
    return result;
  }
}
