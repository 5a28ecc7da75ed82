package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Mman;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfEventAttr;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.ring.PerfRing;
import dev.whatif.core.ring.RecordReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * What BPF programs send on one CPU: an event of their own kind (PERF_COUNT_SW_BPF_OUTPUT) and its
 * ring. Confined to the thread that reads.
 */
final class PerfOutputRing implements AutoCloseable {

  private final int cpu;
  private final Descriptor event;
  private final boolean counted;
  private final PerfRing ring;
  private final RecordReader raw = this::raw;
  private PerfBuffer.Reader reader = (cpu, memory, offset, length) -> {};
  private long records;
  private long told;
  private long others;
  private long damages;

  PerfOutputRing(int cpu, Descriptor event, boolean counted, PerfRing ring) {
    this.cpu = cpu;
    this.event = event;
    this.counted = counted;
    this.ring = ring;
  }

  /**
   * Opens and maps one; empty when the CPU is not online.
   *
   * @param bytes a power of two of pages
   * @param scratch of {@link PerfRing#MOST_BYTES}
   */
  static Optional<PerfOutputRing> open(
      Arena arena, int cpu, long bytes, int wakeupRecords, MemorySegment scratch) {
    Descriptor event = null;
    try {
      boolean counted = true;
      try {
        event = event(arena, cpu, wakeupRecords, PerfEvent.PERF_FORMAT_LOST);
      } catch (LinuxException e) {
        if (!e.is(Errno.EINVAL)) {
          throw e;
        }
        counted = false; // before Linux 6.0
        event = event(arena, cpu, wakeupRecords, 0);
      }
      long page = Unistd.getpagesize();
      MemorySegment memory =
          Mman.mmap(
              page + bytes,
              Mman.PROT_READ | Mman.PROT_WRITE,
              Mman.MAP_SHARED,
              event.fd(),
              0,
              arena);
      PerfEvent.enable(event.fd());
      PerfRing ring = new PerfRing(memory.asSlice(0, page), memory.asSlice(page), scratch);
      return Optional.of(new PerfOutputRing(cpu, event, counted, ring));
    } catch (LinuxException e) {
      if (event != null) {
        event.close();
      }
      if (e.is(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Descriptor event(Arena arena, int cpu, int wakeupRecords, long readFormat) {
    PerfEventAttr attr =
        new PerfEventAttr(arena)
            .event(PerfEvent.PERF_TYPE_SOFTWARE, PerfEvent.PERF_COUNT_SW_BPF_OUTPUT)
            .samplePeriod(1)
            .sampleType(PerfEvent.PERF_SAMPLE_RAW)
            .readFormat(readFormat)
            .wakeupEvents(wakeupRecords)
            .with(PerfEventAttr.Flag.DISABLED);
    return new Descriptor("the ring of CPU " + cpu, PerfEvent.open(attr, -1, cpu));
  }

  int cpu() {
    return cpu;
  }

  int fd() {
    return event.fd();
  }

  /** Reads what is there, and gives the room back. */
  void read(PerfBuffer.Reader to) {
    reader = to;
    ring.refresh();
    try {
      while (ring.hasRecord()) {
        try {
          take();
        } finally {
          ring.consume();
        }
      }
    } finally {
      ring.publish();
    }
  }

  boolean isReady() {
    ring.refresh();
    return ring.hasRecord();
  }

  private void take() {
    switch (ring.type()) {
      case PerfEvent.PERF_RECORD_SAMPLE -> ring.show(raw);
      case PerfEvent.PERF_RECORD_LOST -> {
        if (ring.size() >= PerfOutputDescriptor.LOST_END) {
          told += ring.word(PerfOutputDescriptor.LOST);
        } else {
          damages++;
        }
      }
      default -> others++;
    }
  }

  private void raw(MemorySegment memory, long offset, int size) {
    int length = size < PerfOutputDescriptor.DATA ? -1 : length(memory, offset);
    if (length < 0 || length > size - PerfOutputDescriptor.DATA) {
      damages++;
      return;
    }
    records++;
    reader.record(cpu, memory, offset + PerfOutputDescriptor.DATA, length);
  }

  private static int length(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_INT, offset + PerfOutputDescriptor.LENGTH);
  }

  long records() {
    return records;
  }

  /** By the kernel's own count where it has one, else by what the ring has told. */
  long lost() {
    return counted ? PerfEvent.read(event.fd(), true).lost() : told;
  }

  /** By the records in the ring alone. */
  long lostByRecords() {
    return told;
  }

  /** Records of kinds that carry nothing for the reader, such as throttling. */
  long others() {
    return others;
  }

  long damages() {
    return damages + ring.damages();
  }

  @Override
  public void close() {
    event.close();
  }
}
