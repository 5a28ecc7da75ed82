package dev.whatif.ebpf.bpfhelper;

import static dev.whatif.ebpf.bpfhelper.Argument.ANYTHING;
import static dev.whatif.ebpf.bpfhelper.Argument.CONSTANT_SIZE;
import static dev.whatif.ebpf.bpfhelper.Argument.CONSTANT_STRING;
import static dev.whatif.ebpf.bpfhelper.Argument.CONTEXT;
import static dev.whatif.ebpf.bpfhelper.Argument.FUNCTION;
import static dev.whatif.ebpf.bpfhelper.Argument.KEY;
import static dev.whatif.ebpf.bpfhelper.Argument.MAP;
import static dev.whatif.ebpf.bpfhelper.Argument.READABLE;
import static dev.whatif.ebpf.bpfhelper.Argument.READABLE_OR_NULL;
import static dev.whatif.ebpf.bpfhelper.Argument.RECORD;
import static dev.whatif.ebpf.bpfhelper.Argument.SIZE;
import static dev.whatif.ebpf.bpfhelper.Argument.SIZE_OR_ZERO;
import static dev.whatif.ebpf.bpfhelper.Argument.STACK_OR_NULL;
import static dev.whatif.ebpf.bpfhelper.Argument.VALUE;
import static dev.whatif.ebpf.bpfhelper.Argument.WRITABLE;
import static dev.whatif.ebpf.bpfhelper.Argument.WRITABLE_LONG;
import static dev.whatif.ebpf.bpfhelper.Argument.WRITABLE_OR_NULL;

import dev.whatif.ebpf.object.ProgramType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The helpers that whatif has, with their numbers, arguments and results as in the kernel ({@code
 * include/uapi/linux/bpf.h} and the {@code bpf_func_proto}s of Linux 6.18).
 */
public enum HelperFunction {
  MAP_LOOKUP_ELEM(1, Callers.ANY, Result.VALUE_OR_NULL, MAP, KEY),
  MAP_UPDATE_ELEM(2, Callers.ANY, Result.NUMBER, MAP, KEY, VALUE, ANYTHING),
  MAP_DELETE_ELEM(3, Callers.ANY, Result.NUMBER, MAP, KEY),
  PROBE_READ(4, Callers.READING, Result.NUMBER, WRITABLE, SIZE_OR_ZERO, ANYTHING),
  KTIME_GET_NS(5, Callers.ANY, Result.NUMBER),
  TRACE_PRINTK(6, Callers.ANY, Result.NUMBER, READABLE, SIZE),
  GET_PRANDOM_U32(7, Callers.ANY, Result.NUMBER),
  GET_SMP_PROCESSOR_ID(8, Callers.ANY, Result.CPU),
  TAIL_CALL(12, Callers.ANY, Result.NOTHING, CONTEXT, MAP, ANYTHING),
  GET_CURRENT_PID_TGID(14, Callers.ANY, Result.NUMBER),
  GET_CURRENT_UID_GID(15, Callers.ANY, Result.NUMBER),
  GET_CURRENT_COMM(16, Callers.ANY, Result.NUMBER, WRITABLE, SIZE),
  PERF_EVENT_OUTPUT(
      25, Callers.OUTPUT, Result.NUMBER, CONTEXT, MAP, ANYTHING, READABLE, SIZE_OR_ZERO),
  GET_STACKID(27, Callers.TRACING, Result.NUMBER, CONTEXT, MAP, ANYTHING),
  CSUM_DIFF(
      28,
      Callers.NETWORK,
      Result.NUMBER,
      READABLE_OR_NULL,
      SIZE_OR_ZERO,
      READABLE_OR_NULL,
      SIZE_OR_ZERO,
      ANYTHING),
  PROBE_WRITE_USER(36, Callers.TRACING, Result.NUMBER, ANYTHING, READABLE, SIZE),
  PROBE_READ_STR(45, Callers.READING, Result.LENGTH, WRITABLE, SIZE_OR_ZERO, ANYTHING),
  GET_STACK(67, Callers.READING, Result.LENGTH, CONTEXT, WRITABLE, SIZE_OR_ZERO, ANYTHING),
  STRTOL(105, Callers.ANY, Result.NUMBER, READABLE, SIZE, ANYTHING, WRITABLE_LONG),
  STRTOUL(106, Callers.ANY, Result.NUMBER, READABLE, SIZE, ANYTHING, WRITABLE_LONG),
  PROBE_READ_USER(112, Callers.ANY, Result.NUMBER, WRITABLE, SIZE_OR_ZERO, ANYTHING),
  PROBE_READ_KERNEL(113, Callers.ANY, Result.NUMBER, WRITABLE, SIZE_OR_ZERO, ANYTHING),
  PROBE_READ_USER_STR(114, Callers.ANY, Result.LENGTH, WRITABLE, SIZE_OR_ZERO, ANYTHING),
  PROBE_READ_KERNEL_STR(115, Callers.ANY, Result.LENGTH, WRITABLE, SIZE_OR_ZERO, ANYTHING),
  KTIME_GET_BOOT_NS(125, Callers.ANY, Result.NUMBER),
  RINGBUF_OUTPUT(130, Callers.ANY, Result.NUMBER, MAP, READABLE, SIZE_OR_ZERO, ANYTHING),
  RINGBUF_RESERVE(131, Callers.ANY, Result.RECORD_OR_NULL, MAP, CONSTANT_SIZE, ANYTHING),
  RINGBUF_SUBMIT(132, Callers.ANY, Result.NOTHING, RECORD, ANYTHING),
  RINGBUF_DISCARD(133, Callers.ANY, Result.NOTHING, RECORD, ANYTHING),
  RINGBUF_QUERY(134, Callers.ANY, Result.NUMBER, MAP, ANYTHING),
  KTIME_GET_COARSE_NS(160, Callers.PACKET, Result.NUMBER),
  FOR_EACH_MAP_ELEM(164, Callers.ANY, Result.NUMBER, MAP, FUNCTION, STACK_OR_NULL, ANYTHING),
  SNPRINTF(
      165,
      Callers.ANY,
      Result.NUMBER,
      WRITABLE_OR_NULL,
      SIZE_OR_ZERO,
      CONSTANT_STRING,
      READABLE_OR_NULL,
      SIZE_OR_ZERO),
  GET_FUNC_IP(173, Callers.PROBE, Result.NUMBER, CONTEXT),
  GET_ATTACH_COOKIE(174, Callers.EVENT, Result.NUMBER, CONTEXT),
  LOOP(181, Callers.ANY, Result.NUMBER, ANYTHING, FUNCTION, STACK_OR_NULL, ANYTHING),
  STRNCMP(182, Callers.ANY, Result.NUMBER, READABLE, SIZE, CONSTANT_STRING),
  MAP_LOOKUP_PERCPU_ELEM(195, Callers.ANY, Result.VALUE_OR_NULL, MAP, KEY, ANYTHING);

  /** Which types of programs the kernel lets call a helper; a program on plain memory may all. */
  private enum Callers {
    ANY,
    /** Those at events of the kernel or of a process. */
    TRACING,
    /** The same and system calls of their own. */
    READING,
    /** Those at functions. */
    PROBE,
    /** Those at events whose attachment can carry a number. */
    EVENT,
    /** Those on packets. */
    PACKET,
    /** Those that may change packets. */
    NETWORK,
    /** All that can write to a perf event. */
    OUTPUT;

    boolean has(ProgramType type) {
      boolean tracing =
          switch (type) {
            case KPROBE, TRACEPOINT, RAW_TRACEPOINT, PERF_EVENT, TRACING -> true;
            default -> false;
          };
      return type == ProgramType.UNSPEC
          || switch (this) {
            case ANY -> true;
            case TRACING -> tracing;
            case READING -> tracing || type == ProgramType.SYSCALL;
            case PROBE -> type == ProgramType.KPROBE;
            case EVENT -> tracing;
            case PACKET -> !tracing && type != ProgramType.SYSCALL;
            case NETWORK -> type == ProgramType.XDP || type == ProgramType.SCHED_CLS;
            case OUTPUT -> type != ProgramType.SYSCALL;
          };
    }
  }

  private static final java.util.Map<Integer, HelperFunction> BY_ID =
      Arrays.stream(values()).collect(Collectors.toMap(f -> f.id, Function.identity()));

  private final int id;
  private final Callers callers;
  private final Result result;
  private final List<Argument> arguments;

  HelperFunction(int id, Callers callers, Result result, Argument... arguments) {
    this.id = id;
    this.callers = callers;
    this.result = result;
    this.arguments = List.of(arguments);
  }

  /** Its number ({@code BPF_FUNC_*}). */
  public int id() {
    return id;
  }

  /** As C calls it, such as {@code bpf_map_lookup_elem}. */
  public String cName() {
    return "bpf_" + name().toLowerCase(Locale.ROOT);
  }

  /** What it takes in r1, r2, and so on. */
  public List<Argument> arguments() {
    return arguments;
  }

  /** What it leaves in r0. */
  public Result result() {
    return result;
  }

  /** Whether programs of a type may call it. */
  public boolean isFor(ProgramType type) {
    return callers.has(type);
  }

  /** Whether it reads packets in place, so that their bytes can be arguments. */
  public boolean readsPackets() {
    return switch (this) {
      case MAP_LOOKUP_ELEM, MAP_UPDATE_ELEM, MAP_DELETE_ELEM, CSUM_DIFF -> true;
      case MAP_LOOKUP_PERCPU_ELEM -> true;
      default -> false;
    };
  }

  /** The helper of a number; empty when whatif has none. */
  public static Optional<HelperFunction> of(int id) {
    return Optional.ofNullable(BY_ID.get(id));
  }
}
