package dev.whatif.ebpf.runtime;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.interpreter.Environment;
import dev.whatif.ebpf.interpreter.Execution;
import dev.whatif.ebpf.interpreter.MemoryFault;
import dev.whatif.ebpf.interpreter.MemoryRange;
import dev.whatif.ebpf.map.ArrayMap;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.object.MapDefinition;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The helper functions as the interpreter calls them, on maps in shared memory. They return what
 * the kernel's return (include/uapi/linux/bpf.h), errors as negative errnos.
 *
 * <p>Any thread may have programs call it; the slot is one thread's at a time.
 */
public final class HelperLibrary implements Environment {

  private final List<BpfMap> maps;
  private final List<MapDefinition> definitions;
  private final MapCalls mapCalls;
  private final TextCalls textCalls;
  private final CallerIdentity identity;

  /**
   * For a program's maps.
   *
   * @param maps in the order of the program's definitions
   * @param slot of the thread that runs the program
   * @param identity who the program runs for
   * @param trace gets what bpf_trace_printk prints
   */
  public HelperLibrary(
      List<MapDefinition> definitions,
      List<BpfMap> maps,
      int slot,
      CallerIdentity identity,
      Consumer<String> trace) {
    this.definitions = List.copyOf(definitions);
    this.maps = List.copyOf(maps);
    this.identity = identity;
    mapCalls = new MapCalls(this.maps, slot);
    textCalls = new TextCalls(trace);
  }

  @Override
  public long mapAddress(int map) {
    return maps.get(map).address();
  }

  @Override
  public long firstValue(int map) {
    if (maps.get(map) instanceof ArrayMap array) {
      return array.at(0);
    }
    throw new UnavailableException(
        "map '%s' has no first value to point to".formatted(definitions.get(map).name()), null);
  }

  @Override
  public Optional<MemoryRange> rangeAt(long address) {
    for (int i = 0; i < maps.size(); i++) {
      long start = maps.get(i).valueStart(address);
      if (start != 0) {
        boolean writable = (definitions.get(i).flags() & MapDefinition.READ_ONLY_PROGRAM) == 0;
        long bytes = Integer.toUnsignedLong(maps.get(i).shape().valueSize());
        return Optional.of(new MemoryRange(start, start + bytes, writable));
      }
    }
    return mapCalls.recordAt(address);
  }

  @Override
  public long call(int helper, Execution execution) {
    HelperFunction function =
        HelperFunction.of(helper)
            .orElseThrow(() -> execution.fault("calls helper %d, which is none".formatted(helper)));
    return call(function, execution);
  }

  private long call(HelperFunction function, Execution e) throws MemoryFault {
    return switch (function) {
      case MAP_LOOKUP_ELEM -> mapCalls.lookup(e);
      case MAP_UPDATE_ELEM -> mapCalls.update(e);
      case MAP_DELETE_ELEM -> mapCalls.delete(e);
      case MAP_LOOKUP_PERCPU_ELEM -> mapCalls.lookupOfSlot(e);
      case FOR_EACH_MAP_ELEM -> mapCalls.forEach(e);
      case RINGBUF_OUTPUT -> mapCalls.output(e);
      case RINGBUF_RESERVE -> mapCalls.reserve(e);
      case RINGBUF_SUBMIT -> mapCalls.end(e, true);
      case RINGBUF_DISCARD -> mapCalls.end(e, false);
      case RINGBUF_QUERY -> mapCalls.query(e);
      case PERF_EVENT_OUTPUT -> mapCalls.perfOutput(e);
      case LOOP -> loop(e);
      case PROBE_READ, PROBE_READ_USER, PROBE_READ_KERNEL -> MemoryCalls.read(e);
      case PROBE_READ_STR, PROBE_READ_USER_STR, PROBE_READ_KERNEL_STR -> MemoryCalls.readString(e);
      case CSUM_DIFF -> MemoryCalls.checksum(e);
      case STRNCMP -> textCalls.compare(e);
      case STRTOL -> textCalls.parse(e, true);
      case STRTOUL -> textCalls.parse(e, false);
      case SNPRINTF -> textCalls.print(e);
      case TRACE_PRINTK -> textCalls.trace(e);
      case KTIME_GET_NS, KTIME_GET_COARSE_NS -> CallerIdentity.monotonicNanos();
      case KTIME_GET_BOOT_NS -> CallerIdentity.bootNanos();
      case GET_PRANDOM_U32 -> CallerIdentity.random();
      case GET_SMP_PROCESSOR_ID -> identity.cpu();
      case GET_CURRENT_PID_TGID -> identity.pidTgid();
      case GET_CURRENT_UID_GID -> identity.uidGid();
      case GET_CURRENT_COMM -> identity.comm(e);
      case GET_FUNC_IP -> identity.functionIp();
      case GET_ATTACH_COOKIE -> identity.cookie();
      // nobody has called the program from a place with a stack of its own
      case GET_STACK, GET_STACKID -> -Errno.EFAULT.value();
      case PROBE_WRITE_USER -> -Errno.EPERM.value();
      case TAIL_CALL -> -Errno.ENOENT.value();
    };
  }

  /** bpf_loop (kernel/bpf/bpf_iter.c): up to 8 Mi turns, until the function returns 1. */
  private static long loop(Execution e) {
    long turns = e.argument(1) & 0xffff_ffffL;
    long function = e.argument(2);
    long context = e.argument(3);
    if (e.argument(4) != 0) {
      return -Errno.EINVAL.value();
    }
    if (turns > 1 << 23) {
      return -Errno.E2BIG.value();
    }
    for (long i = 0; i < turns; i++) {
      if (e.call(function, i, context) != 0) {
        return i + 1;
      }
    }
    return turns;
  }
}
