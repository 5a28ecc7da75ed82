package dev.whatif.core.sample;

import dev.whatif.core.linux.Resource;
import dev.whatif.core.linux.Sysctl;
import dev.whatif.core.linux.Unistd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory the rings may lock.
 *
 * <p>A user without CAP_IPC_LOCK gets {@code perf_event_mlock_kb} per CPU (together for all events)
 * and then what RLIMIT_MEMLOCK leaves (kernel/events/core.c, perf_mmap).
 */
final class RingMemory {

  /** Below this, not even a few samples with their stacks fit. */
  static final long SMALLEST = 128 << 10;

  /**
   * Of all rings, also where more may be locked: a machine with many CPUs has other uses for it.
   */
  private static final long MOST_TOGETHER = 512L << 20;

  private static final long CAP_IPC_LOCK = 1L << 14;

  private RingMemory() {}

  /**
   * The largest power of two of bytes per ring, at most {@code wanted}.
   *
   * @param rings how many rings there are to be
   */
  static long largest(long wanted, int rings) {
    long allowed = Long.MAX_VALUE;
    if (!mayLock()) {
      long free = Sysctl.number("kernel.perf_event_mlock_kb").orElse(516) * 1024 * rings;
      long limit = Resource.getrlimit(Resource.RLIMIT_MEMLOCK).effective();
      allowed = limit == Long.MAX_VALUE ? limit : free + limit;
    }
    allowed = Math.min(allowed, MOST_TOGETHER);
    long each = Math.min(wanted, allowed / rings - Unistd.getpagesize());
    return Math.max(SMALLEST, Long.highestOneBit(Math.max(1, each)));
  }

  /**
   * Bytes that hold the records of a CPU at a rate for a while, as a power of two.
   *
   * @param recordBytes of one sample
   */
  static long needed(int rateHz, long recordBytes, long millis, long most) {
    long bytes = rateHz * recordBytes * millis / 1000;
    long power = Long.highestOneBit(Math.max(SMALLEST, bytes) * 2 - 1);
    return Math.min(power, Long.highestOneBit(most));
  }

  private static boolean mayLock() {
    try (var lines = Files.lines(Path.of("/proc/thread-self/status"))) {
      return lines
          .filter(l -> l.startsWith("CapEff:"))
          .anyMatch(l -> (Long.parseUnsignedLong(l.substring(7).strip(), 16) & CAP_IPC_LOCK) != 0);
    } catch (IOException e) {
      return false;
    }
  }
}
