package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.RawMemory;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.jit.Literal;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.map.RingMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * The helpers in this process, with parameters of their own: what compiled programs need to run
 * here. Any number of threads may run programs with it, each with an {@link Invocation}, until it
 * is closed.
 */
public final class PlacedHelpers implements AutoCloseable {

  private static final Map<HelperFunction, Integer> OFFSETS;
  private static final byte[] BYTES;

  static {
    HelperCode code = HelperCode.emit();
    OFFSETS = code.offsets();
    BYTES = code.bytes();
  }

  private final Arena arena = Arena.ofShared();
  private final MemorySegment parameters = arena.allocate(ParametersLayout.BYTES, 64);
  private final ProcessClock clock;
  private final RunnableCode code;

  private PlacedHelpers() {
    clock = new ProcessClock(parameters.address());
    code = RunnableCode.of(BYTES);
  }

  /**
   * Places them, and starts their clock (20 ms).
   *
   * @throws dev.whatif.core.linux.LinuxException when this system allows no such memory (sysctl
   *     vm.memfd_noexec)
   */
  public static PlacedHelpers place() {
    return new PlacedHelpers();
  }

  /** Where a helper begins. */
  public long address(HelperFunction helper) {
    return code.address() + Objects.requireNonNull(OFFSETS.get(helper));
  }

  /**
   * What belongs into the literals of a compiled program.
   *
   * @param maps the program's, in its order
   */
  public ToLongFunction<Literal.Target> literals(List<BpfMap> maps) {
    return target ->
        switch (target) {
          case Literal.MapAddress(int index) -> maps.get(index).address();
          case Literal.MapValue(int index, int offset) -> firstValue(maps.get(index)) + offset;
          case Literal.Helper(int id) -> address(helper(id));
          case Literal.TailCall() -> address(HelperFunction.TAIL_CALL);
        };
  }

  private static HelperFunction helper(int id) {
    return HelperFunction.of(id)
        .orElseThrow(() -> new UnavailableException("there is no helper " + id, null));
  }

  private static long firstValue(BpfMap map) {
    long address = map.firstValue();
    if (address == 0) {
      throw new UnavailableException(map + " has no first value to point to", null);
    }
    return address;
  }

  /** The clock, to be {@linkplain ProcessClock#refresh refreshed} about once a second. */
  public ProcessClock clock() {
    return clock;
  }

  /** Address of the parameters ({@link ParametersLayout}). */
  public long parameters() {
    return parameters.address();
  }

  /**
   * Lets bpf_trace_printk write to a ring, one record for each text with the byte that ends it; the
   * map must outlive this. Before that, or where there is no room, texts are only counted.
   */
  public void traceTo(RingMap ring) {
    RawMemory.putLongRelease(parameters() + ParametersLayout.TRACE_RING_OFFSET, ring.address());
  }

  /** Texts of bpf_trace_printk that nobody will see. */
  public long traceDropped() {
    return RawMemory.getLongAcquire(parameters() + ParametersLayout.TRACE_DROPPED_OFFSET);
  }

  /**
   * Says which programs the numbers in program arrays mean. To be called once, before any program
   * runs.
   *
   * @param programs number 1, 2, and so on; they must outlive this
   */
  public void programs(List<RunnableCode> programs) {
    MemorySegment table = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, programs.size()));
    for (int i = 0; i < programs.size(); i++) {
      table.setAtIndex(ValueLayout.JAVA_LONG, i, programs.get(i).address());
    }
    RawMemory.putLong(parameters() + ParametersLayout.PROGRAMS_OFFSET, table.address());
    RawMemory.putIntRelease(parameters() + ParametersLayout.PROGRAM_COUNT_OFFSET, programs.size());
  }

  @Override
  public void close() {
    code.close();
    arena.close();
  }
}
