package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.CpuList;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Poll;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.ring.PerfRing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Reads what BPF programs send with {@code bpf_perf_event_output} into a {@code
 * BPF_MAP_TYPE_PERF_EVENT_ARRAY}: one ring for each CPU, records in order within a CPU only.
 * Confined to one thread at a time.
 *
 * <p>Where there is a choice, {@link RingBuffer} is better: one ring for all, one order, no second
 * copy in the program.
 *
 * <p><b>Loss.</b> The kernel counts what did not fit: {@link #lost} is exact at any time since
 * Linux 6.0; before, it is what the rings have told, which says nothing of the last losses of all.
 * Outputs that fail for another reason (more than three nested on a CPU, a CPU that came online
 * later) are known to the program alone, from the helper's result.
 */
public final class PerfBuffer implements AutoCloseable {

  /** Takes the records of all CPUs, in place: nothing is allocated for them. */
  @FunctionalInterface
  public interface Reader {

    /**
     * A record, valid until this returns.
     *
     * @param cpu where it was written
     * @param memory where it lies, among others
     * @param offset of its first byte in {@code memory}, 4 more than a multiple of 8
     * @param length in bytes, with the padding that the kernel has added: 4 more than a multiple of
     *     8
     */
    void record(int cpu, MemorySegment memory, long offset, int length);
  }

  private static final long MOST_BYTES = 1L << 30;

  private final Arena arena;
  private final KernelMap map;
  private final List<PerfOutputRing> rings;
  private final MemorySegment poll;

  private PerfBuffer(Arena arena, KernelMap map, List<PerfOutputRing> rings) {
    this.arena = arena;
    this.map = map;
    this.rings = rings;
    this.poll = arena.allocate(Poll.POLLFD, Math.max(1, rings.size()));
  }

  /**
   * Opens a ring for each CPU that is online, and puts it into the map. The map stays the caller's.
   *
   * @param bytesPerCpu rounded up to a power of two of pages, 1 GiB at most
   * @throws IllegalArgumentException when it is another kind of map
   * @throws dev.whatif.core.failure.UnavailableException when events are not permitted, or so much
   *     memory may not be locked
   */
  public static PerfBuffer open(KernelMap map, long bytesPerCpu) {
    return open(map, bytesPerCpu, 1);
  }

  /**
   * The same, waking the reader less often.
   *
   * @param wakeupRecords after how many records on a CPU {@link #await} is woken
   */
  public static PerfBuffer open(KernelMap map, long bytesPerCpu, int wakeupRecords) {
    if (map.type() != MapType.PERF_EVENT_ARRAY) {
      throw new IllegalArgumentException(map + " is no array of perf events");
    }
    Arena arena = Arena.ofShared();
    List<PerfOutputRing> rings = new ArrayList<>();
    try {
      MemorySegment scratch = arena.allocate(PerfRing.MOST_BYTES, Long.BYTES);
      long bytes = ringBytes(bytesPerCpu);
      for (int cpu : CpuList.possible()) {
        if (cpu < map.maxEntries()) {
          PerfOutputRing.open(arena, cpu, bytes, wakeupRecords, scratch).ifPresent(rings::add);
        }
      }
      for (PerfOutputRing ring : rings) {
        map.update(bytes(ring.cpu()), bytes(ring.fd()));
      }
      return new PerfBuffer(arena, map, List.copyOf(rings));
    } catch (LinuxException e) {
      rings.forEach(PerfOutputRing::close);
      arena.close();
      throw Refusal.of("open rings for " + map, e);
    } catch (RuntimeException e) {
      rings.forEach(PerfOutputRing::close);
      arena.close();
      throw e;
    }
  }

  /**
   * Reads what is there, one CPU after the other; never waits.
   *
   * @param reader gets each record; what it throws ends the reading, and that record is not shown
   *     again
   * @return records shown
   */
  public long read(Reader reader) {
    long before = records();
    for (PerfOutputRing ring : rings) {
      ring.read(reader);
    }
    return records() - before;
  }

  /**
   * Waits until there is something to read.
   *
   * @param millis at most; 0 only looks, negative is for ever
   * @return whether there is something, on any CPU
   */
  public boolean await(int millis) {
    if (isReady()) {
      return true;
    }
    for (int i = 0; i < rings.size(); i++) {
      Poll.set(poll, i, rings.get(i).fd(), Poll.POLLIN);
    }
    Poll.poll(poll, rings.size(), millis);
    return isReady();
  }

  /** Records shown so far. */
  public long records() {
    return sum(PerfOutputRing::records);
  }

  /** Records that did not fit, as the kernel has counted them until now. */
  public long lost() {
    return sum(PerfOutputRing::lost);
  }

  /** Those of them that the rings have told of: the next record that fits tells of all before. */
  public long lostByRecords() {
    return sum(PerfOutputRing::lostByRecords);
  }

  /** How often a ring had something in it that the kernel cannot have written. */
  public long damages() {
    return sum(PerfOutputRing::damages);
  }

  /** Takes the rings out of the map, and unmaps them. */
  @Override
  public void close() {
    if (!arena.scope().isAlive()) {
      return;
    }
    for (PerfOutputRing ring : rings) {
      try {
        map.delete(bytes(ring.cpu()));
      } catch (IllegalStateException e) {
        // the map was closed first, and with it what it held
      }
      ring.close();
    }
    arena.close();
  }

  private boolean isReady() {
    for (PerfOutputRing ring : rings) {
      if (ring.isReady()) {
        return true;
      }
    }
    return false;
  }

  private long sum(ToLongFunction<PerfOutputRing> number) {
    long sum = 0;
    for (PerfOutputRing ring : rings) {
      sum += number.applyAsLong(ring);
    }
    return sum;
  }

  private static long ringBytes(long wanted) {
    if (wanted < 1 || wanted > MOST_BYTES) {
      throw new IllegalArgumentException("rings of %d bytes".formatted(wanted));
    }
    long power = Long.highestOneBit(wanted * 2 - 1);
    return Math.max(power, Unistd.getpagesize());
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }
}
