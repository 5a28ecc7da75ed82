package dev.whatif.core.sample;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Mman;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.ring.PerfRing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One ring per CPU, and their records merged by time.
 *
 * <p>Each ring is in order, so the next record is the oldest of the rings' next ones, as long as
 * none older is still being written: the caller holds back what is younger than a few milliseconds.
 */
final class PerfRings implements AutoCloseable {

  private final Arena arena = Arena.ofShared();
  private final int[] owners;
  private final MemorySegment[] mappings;
  private final PerfRing[] rings;
  private final long[] next;
  private final long bytes;

  private static final long NONE = Long.MAX_VALUE;

  /**
   * Opens rings for these CPUs: as large as wanted, or as the user may lock.
   *
   * @param watermark bytes in a ring that wake the reader
   * @throws UnavailableException when perf events are not permitted, or no memory may be locked
   */
  PerfRings(int[] cpus, long wantedBytes, int watermark) {
    owners = new int[cpus.length];
    mappings = new MemorySegment[cpus.length];
    rings = new PerfRing[cpus.length];
    next = new long[cpus.length];
    MemorySegment scratch = arena.allocate(PerfRing.MOST_BYTES, 8);
    long size = RingMemory.largest(wantedBytes, cpus.length);
    int opened = 0;
    try {
      for (int cpu : cpus) {
        owners[opened] =
            PerfEvent.open(
                TaskClock.ringOwner(arena, (int) Math.min(watermark, size / 2)),
                Unistd.getpid(),
                cpu);
        opened++;
      }
      map(size);
    } catch (LinuxException e) {
      for (int i = 0; i < opened; i++) {
        Unistd.close(owners[i]);
      }
      arena.close();
      throw Permission.explain(e);
    }
    bytes = mappings[0].byteSize() - Unistd.getpagesize();
    for (int i = 0; i < rings.length; i++) {
      long page = Unistd.getpagesize();
      rings[i] = new PerfRing(mappings[i].asSlice(0, page), mappings[i].asSlice(page), scratch);
    }
  }

  /** Rings that somebody else has made and owns. */
  PerfRings(PerfRing... rings) {
    this.rings = rings.clone();
    owners = new int[0];
    mappings = new MemorySegment[0];
    next = new long[rings.length];
    bytes = 0;
  }

  /** The kernel's accounting has the last word on how much may be locked: halve until it fits. */
  private void map(long wanted) {
    long page = Unistd.getpagesize();
    long size = wanted;
    while (true) {
      int done = 0;
      try {
        for (; done < owners.length; done++) {
          mappings[done] =
              Mman.mmap(
                  page + size, Mman.PROT_READ | Mman.PROT_WRITE, Mman.MAP_SHARED, owners[done], 0);
        }
        return;
      } catch (LinuxException e) {
        for (int i = 0; i < done; i++) {
          Mman.munmap(mappings[i]);
        }
        boolean tooMuch = e.is(Errno.EPERM) || e.is(Errno.ENOMEM);
        if (!tooMuch || size <= RingMemory.SMALLEST) {
          throw e;
        }
        size /= 2;
      }
    }
  }

  /** How many, which is how many CPUs. */
  int count() {
    return rings.length;
  }

  /** The size of each, without its first page. */
  long bytesEach() {
    return bytes;
  }

  /** The event that owns the ring of CPU number {@code index} of those given. */
  int owner(int index) {
    return owners[index];
  }

  /** Looks how far the kernel has written, in all of them. */
  void refresh() {
    for (int i = 0; i < rings.length; i++) {
      rings[i].refresh();
      next[i] = rings[i].hasRecord() ? TaskClock.time(rings[i]) : NONE;
    }
  }

  /**
   * The ring with the oldest record that is not younger than a time, shown in {@code record}.
   *
   * @return its index for {@link #consume}, or -1
   */
  int oldest(long horizonNanos, PerfRecord record) {
    int best = -1;
    long bestTime = horizonNanos;
    for (int i = 0; i < next.length; i++) {
      if (next[i] != NONE && next[i] <= bestTime) {
        best = i;
        bestTime = next[i];
      }
    }
    if (best >= 0) {
      rings[best].show(record);
    }
    return best;
  }

  /** Done with the record that {@link #oldest} has shown. */
  void consume(int index) {
    rings[index].consume();
    next[index] = rings[index].hasRecord() ? TaskClock.time(rings[index]) : NONE;
  }

  /** Gives all room that was read back to the kernel. */
  void publish() {
    for (PerfRing ring : rings) {
      ring.publish();
    }
  }

  /** The owners, as a list for polling. */
  List<Integer> descriptors() {
    List<Integer> result = new ArrayList<>();
    for (int fd : owners) {
      result.add(fd);
    }
    return result;
  }

  @Override
  public void close() {
    for (int i = 0; i < owners.length; i++) {
      Mman.munmap(mappings[i]);
      Unistd.close(owners[i]);
    }
    arena.close();
  }
}
