package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.Mapping;
import java.util.List;
import java.util.Optional;

/**
 * Where new memory may lie in an address space: within reach of a place, and not where something
 * wants to grow. Code reaches 2 GiB in each direction by its 32-bit distances.
 */
final class GapSearch {

  /** A little less than 2 GiB: for what lies around the place itself. */
  private static final long REACH = (1L << 31) - (1L << 24);

  /** Nothing is put closer to somebody else's memory. */
  private static final long DISTANCE = 1L << 20;

  /** The heap of brk(2) grows upwards. */
  private static final long HEAP_ROOM = 1L << 30;

  /** The main stack grows downwards, as far as its limit, and the kernel keeps a gap below it. */
  private static final long STACK_ROOM = 1L << 28;

  /**
   * Where the kernel's own choices begin; a mapping below would be reachable from null pointers.
   */
  private static final long LOWEST = 1L << 20;

  /** The end of user space with four-level page tables, less a page. */
  private static final long HIGHEST = (1L << 47) - 4096;

  private GapSearch() {}

  /**
   * A free range.
   *
   * @param mappings of the process, in address order
   * @param near the place that it must be reachable from
   * @param size bytes, a multiple of the page
   * @throws UnavailableException when everything within reach is taken
   */
  static long find(List<Mapping> mappings, long near, long size) {
    long best = 0;
    long end = LOWEST;
    long room = 0;
    for (int i = 0; i <= mappings.size(); i++) {
      boolean last = i == mappings.size();
      long start = last ? HIGHEST : mappings.get(i).start();
      if (Long.compareUnsigned(start, HIGHEST) > 0) {
        start = HIGHEST; // [vsyscall] lies in the kernel's half
      }
      long below = !last && mappings.get(i).path().startsWith("[stack") ? STACK_ROOM : DISTANCE;
      Optional<Long> here = within(end + room, start - below, near, size);
      if (here.isPresent() && (best == 0 || closer(here.get(), best, near))) {
        best = here.get();
      }
      if (!last && mappings.get(i).end() > end) {
        end = mappings.get(i).end();
        room = mappings.get(i).path().equals("[heap]") ? HEAP_ROOM : DISTANCE;
      }
    }
    if (best == 0) {
      throw new UnavailableException(
          "no %d KiB are free within 2 GiB of 0x%x".formatted(size >> 10, near),
          "name a place in another object, or run the program with less memory mapped there");
    }
    return best;
  }

  /** The address in a gap that is closest to the place. */
  private static Optional<Long> within(long from, long to, long near, long size) {
    long low = Math.max(from, near - REACH) + 0xffff & -0x1_0000;
    long high = Math.min(to, near + REACH) - size & -0x1_0000;
    if (low < 0 || high < low) {
      return Optional.empty();
    }
    return Optional.of(near > high ? high : Math.max(low, Math.min(near, high)) & -0x1_0000);
  }

  private static boolean closer(long a, long b, long near) {
    return Math.abs(a - near) < Math.abs(b - near);
  }
}
