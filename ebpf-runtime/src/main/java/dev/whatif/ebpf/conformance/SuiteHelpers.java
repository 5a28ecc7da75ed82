package dev.whatif.ebpf.conformance;

import dev.whatif.ebpf.interpreter.Environment;
import dev.whatif.ebpf.interpreter.Execution;
import dev.whatif.ebpf.interpreter.MemoryRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * The helper functions that the suite's programs call by number (its {@code test_helpers.h}). They
 * have no maps.
 */
public final class SuiteHelpers implements Environment {

  static final int GATHER_BYTES = 0;
  static final int MEMFROB = 1;
  static final int TRASH_REGISTERS = 2;
  static final int SQUARE_ROOT = 3;
  static final int COMPARE_STRINGS = 4;
  static final int UNWIND = 5;

  private static final int FROBBED = 42;

  /** A string of the suite's ends long before. */
  private static final int LONGEST_STRING = 1 << 16;

  /** They keep nothing: one is as good as another. */
  public SuiteHelpers() {}

  @Override
  public long call(int helper, Execution execution) {
    return switch (helper) {
      case GATHER_BYTES -> gather(execution);
      case MEMFROB -> memfrob(execution.argument(1), execution.argument(2), execution);
      case TRASH_REGISTERS -> 0;
      case SQUARE_ROOT -> squareRoot(execution.argument(1));
      case COMPARE_STRINGS -> compare(execution.argument(1), execution.argument(2), execution);
      case UNWIND -> execution.argument(1);
      default -> throw execution.fault("calls helper %d; the suite has 0 to 5".formatted(helper));
    };
  }

  private static long gather(Execution e) {
    return (e.argument(1) & 0xff) << 32
        | (e.argument(2) & 0xff) << 24
        | (e.argument(3) & 0xff) << 16
        | (e.argument(4) & 0xff) << 8
        | e.argument(5) & 0xff;
  }

  private static long memfrob(long address, long length, Execution execution) {
    MemorySegment memory = execution.write(address, length);
    for (long i = 0; i < length; i++) {
      byte old = memory.get(ValueLayout.JAVA_BYTE, i);
      memory.set(ValueLayout.JAVA_BYTE, i, (byte) (old ^ FROBBED));
    }
    return address;
  }

  private static long squareRoot(long value) {
    long low = 0;
    long high = 1L << 32;
    while (high - low > 1) { // floor, exact for all 64 bits
      long middle = low + high >>> 1;
      if (Long.compareUnsigned(middle * middle, value) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long compare(long a, long b, Execution execution) {
    for (int i = 0; i < LONGEST_STRING; i++) {
      byte x = execution.read(a + i, 1).get(ValueLayout.JAVA_BYTE, 0);
      byte y = execution.read(b + i, 1).get(ValueLayout.JAVA_BYTE, 0);
      if (x != y || x == 0) {
        return (x & 0xff) - (y & 0xff);
      }
    }
    throw execution.fault("compares strings that do not end");
  }

  @Override
  public long mapAddress(int map) {
    throw new IllegalArgumentException("no maps");
  }

  @Override
  public long firstValue(int map) {
    throw new IllegalArgumentException("no maps");
  }

  @Override
  public Optional<MemoryRange> rangeAt(long address) {
    return Optional.empty();
  }
}
