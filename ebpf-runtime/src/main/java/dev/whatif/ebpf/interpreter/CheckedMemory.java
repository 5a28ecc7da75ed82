package dev.whatif.ebpf.interpreter;

import dev.whatif.core.linux.RawMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All memory of the process, and which of it a run may touch: its stack as far as it has grown, the
 * ranges it was given, and what its environment says. The range of the last access is kept, for
 * reading and for writing, because the next access is mostly to the same. For one thread.
 */
final class CheckedMemory {

  static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfLong DOUBLE = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Every address; only what was checked is touched through it. */
  static final MemorySegment ALL = RawMemory.segment(0, Long.MAX_VALUE);

  private final Translation translation;
  private final Environment environment;
  private final long stackEnd;
  private long stackStart;
  private long readStart;
  private long readEnd;
  private long writeStart;
  private long writeEnd;
  private List<MemoryRange> given = List.of();
  private final List<MemoryRange> lent = new ArrayList<>();

  CheckedMemory(Translation translation, Environment environment, long stackEnd) {
    this.translation = translation;
    this.environment = environment;
    this.stackEnd = stackEnd;
    stackStart = stackEnd;
  }

  /** Before a run: what it is given. */
  void give(List<MemoryRange> ranges) {
    given = ranges;
    lent.clear();
    forget();
  }

  /** A range for the time of a call back. */
  void lend(MemoryRange range) {
    lent.add(range);
  }

  /** Ends the last loan. */
  void takeBack() {
    lent.removeLast();
    forget();
  }

  /** The kept ranges may be stale: something was given back. */
  void forget() {
    readStart = 0;
    readEnd = 0;
    writeStart = 0;
    writeEnd = 0;
  }

  /** How far the stack has grown. */
  void stackFrom(long start) {
    stackStart = start;
  }

  /** The address, when that many bytes (at most 8) may be read there. */
  long readable(long address, int bytes, int index) {
    if (address >= stackStart && address <= stackEnd - bytes
        || address >= readStart && address <= readEnd - bytes) {
      return address;
    }
    MemoryRange range = find(address, bytes, index, "reads");
    readStart = range.start();
    readEnd = range.end();
    return address;
  }

  /** The address, when that many bytes (at most 8) may be written there. */
  long writable(long address, int bytes, int index) {
    if (address >= stackStart && address <= stackEnd - bytes
        || address >= writeStart && address <= writeEnd - bytes) {
      return address;
    }
    MemoryRange range = find(address, bytes, index, "writes");
    if (!range.writable()) {
      throw fault(address, bytes, index, "writes", "which is read-only");
    }
    writeStart = range.start();
    writeEnd = range.end();
    return address;
  }

  /** Requires that a helper may read or write so many bytes. */
  void require(long address, long bytes, boolean write, int index) {
    if (bytes == 0) {
      return;
    }
    String does = write ? "has a helper write" : "has a helper read";
    if (bytes < 0 || bytes > Integer.MAX_VALUE) {
      throw fault(address, bytes, index, does, "which is no size");
    }
    if (address >= stackStart && address <= stackEnd - bytes) {
      return;
    }
    MemoryRange range = find(address, (int) bytes, index, does);
    if (write && !range.writable()) {
      throw fault(address, bytes, index, does, "which is read-only");
    }
  }

  private MemoryRange find(long address, int bytes, int index, String does) {
    for (MemoryRange range : given) {
      if (range.contains(address, bytes)) {
        return range;
      }
    }
    for (MemoryRange range : lent) {
      if (range.contains(address, bytes)) {
        return range;
      }
    }
    Optional<MemoryRange> range = environment.rangeAt(address);
    if (range.isEmpty() || !range.get().contains(address, bytes)) {
      throw fault(address, bytes, index, does, "which is nothing of its own");
    }
    return range.get();
  }

  MemoryFault unaligned(long address, int bytes, int index) {
    return fault(address, bytes, index, "changes", "which must be a multiple of its size");
  }

  private MemoryFault fault(long address, long bytes, int index, String does, String why) {
    return new MemoryFault(
        translation.slotOf(index), "%s %d bytes at 0x%x, %s".formatted(does, bytes, address, why));
  }
}
