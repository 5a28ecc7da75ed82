package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.map.code.MapCode;
import dev.whatif.ebpf.map.code.MapRoutine;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes all helpers, once. */
final class HelperEmission {

  private static final MapCode MAPS = MapCode.emit();
  private static final int ALIGNMENT = 32;

  private final Writer w;
  private final Map<MapRoutine, Label> maps = new EnumMap<>(MapRoutine.class);
  private final Clock clock;
  private final Identity identity;
  private final MemoryCode memory;
  private final ChecksumCode checksum;
  private final NumberText numbers;
  private final FormatArguments arguments;
  private final FormatOutput output;
  private final PrintCode print;

  HelperEmission(Writer writer) {
    w = writer;
    for (MapRoutine routine : MapRoutine.values()) {
      maps.put(routine, new Label());
    }
    clock = new Clock(w);
    identity = new Identity(w);
    memory = new MemoryCode(w);
    checksum = new ChecksumCode(w);
    numbers = new NumberText(w);
    arguments = new FormatArguments(w, memory);
    output = new FormatOutput(w);
    print =
        new PrintCode(
            w,
            arguments,
            output,
            label(MapRoutine.RINGBUF_RESERVE),
            label(MapRoutine.RINGBUF_SUBMIT));
  }

  void emit(Map<HelperFunction, Integer> offsets) {
    mapRoutines();
    for (HelperFunction helper : HelperFunction.values()) {
      HelperFunction like = like(helper);
      if (like == helper) {
        w.e.align(ALIGNMENT);
        offsets.put(helper, w.e.offset());
        emit(helper);
      } else {
        offsets.put(helper, offsets.get(like));
      }
    }
    clock.subroutines();
    memory.subroutines();
    checksum.subroutines();
    numbers.subroutines();
    arguments.subroutines();
    output.subroutines();
  }

  /** The helper, earlier in the list, that does the same here; itself when there is none. */
  private static HelperFunction like(HelperFunction helper) {
    return switch (helper) {
      case PROBE_READ_USER, PROBE_READ_KERNEL -> HelperFunction.PROBE_READ;
      case PROBE_READ_USER_STR, PROBE_READ_KERNEL_STR -> HelperFunction.PROBE_READ_STR;
      case KTIME_GET_COARSE_NS -> HelperFunction.KTIME_GET_NS;
      default -> helper;
    };
  }

  /** Their bytes hold nothing that depends on their place; they come first, for their alignment. */
  private void mapRoutines() {
    List<MapRoutine> inOrder =
        Arrays.stream(MapRoutine.values())
            .sorted((a, b) -> Integer.compare(MAPS.offset(a), MAPS.offset(b)))
            .toList();
    int done = 0;
    for (MapRoutine routine : inOrder) {
      int offset = MAPS.offset(routine);
      w.e.data(Arrays.copyOfRange(MAPS.bytes(), done, offset));
      w.bind(label(routine));
      done = offset;
    }
    w.e.data(Arrays.copyOfRange(MAPS.bytes(), done, MAPS.bytes().length));
  }

  private void emit(HelperFunction helper) {
    switch (helper) {
      case MAP_LOOKUP_ELEM -> go(MapRoutine.LOOKUP);
      case MAP_UPDATE_ELEM -> go(MapRoutine.UPDATE);
      case MAP_DELETE_ELEM -> go(MapRoutine.DELETE);
      case MAP_LOOKUP_PERCPU_ELEM -> go(MapRoutine.LOOKUP_PERCPU);
      case RINGBUF_OUTPUT -> go(MapRoutine.RINGBUF_OUTPUT);
      case RINGBUF_RESERVE -> go(MapRoutine.RINGBUF_RESERVE);
      case RINGBUF_SUBMIT -> go(MapRoutine.RINGBUF_SUBMIT);
      case RINGBUF_DISCARD -> go(MapRoutine.RINGBUF_DISCARD);
      case RINGBUF_QUERY -> go(MapRoutine.RINGBUF_QUERY);
      case PERF_EVENT_OUTPUT -> perfOutput();
      case FOR_EACH_MAP_ELEM -> new ElementCode(w).forEach();
      case LOOP -> new LoopCode(w).loop();
      case PROBE_READ, PROBE_READ_USER, PROBE_READ_KERNEL -> memory.read();
      case PROBE_READ_STR, PROBE_READ_USER_STR, PROBE_READ_KERNEL_STR -> memory.readString();
      case PROBE_WRITE_USER -> w.fail(Errno.EPERM);
      case CSUM_DIFF -> checksum.difference();
      case STRNCMP -> new TextCode(w).compare();
      case STRTOL -> numbers.signed();
      case STRTOUL -> numbers.unsigned();
      case SNPRINTF -> print.snprintf();
      case TRACE_PRINTK -> print.tracePrintk();
      case KTIME_GET_NS, KTIME_GET_COARSE_NS -> clock.monotonic();
      case KTIME_GET_BOOT_NS -> clock.boot();
      case GET_PRANDOM_U32 -> new RandomNumber(w).next();
      case GET_SMP_PROCESSOR_ID -> identity.cpu();
      case GET_CURRENT_PID_TGID -> identity.pidTgid();
      case GET_CURRENT_UID_GID -> identity.uidGid();
      case GET_CURRENT_COMM -> identity.comm();
      case GET_FUNC_IP -> identity.function();
      case GET_ATTACH_COOKIE -> identity.cookie();
      case GET_STACK, GET_STACKID -> w.fail(Errno.EFAULT);
      case TAIL_CALL -> new ProgramTable(w).lookup();
    }
  }

  private void go(MapRoutine routine) {
    w.jump(label(routine));
  }

  private Label label(MapRoutine routine) {
    return Objects.requireNonNull(maps.get(routine));
  }

  /** rdi context, rsi map, rdx flags, rcx data, r8 bytes: the routine takes no context. */
  private void perfOutput() {
    w.move(Register.RDI, Register.RSI).move(Register.RSI, Register.RDX);
    w.move(Register.RDX, Register.RCX).move(Register.RCX, Register.R8);
    go(MapRoutine.PERF_EVENT_OUTPUT);
  }
}
