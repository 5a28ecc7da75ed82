package dev.whatif.ebpf.fuzz;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.jit.Literal;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.map.code.MapCode;
import dev.whatif.ebpf.map.code.MapRoutine;
import java.util.List;
import java.util.Optional;

/** Where the things lie that compiled code names; the routines are placed once, for good. */
record Addresses(List<BpfMap> maps) {

  private static final class Placed {
    static final MapCode CODE = MapCode.emit();
    static final RunnableCode RUNNABLE = RunnableCode.of(CODE.bytes());
  }

  /** The address of what a literal names. */
  long of(Literal.Target target) {
    return switch (target) {
      case Literal.MapAddress(int index) -> maps.get(index).address();
      case Literal.MapValue(int index, int offset) -> maps.get(index).firstValue() + offset;
      case Literal.Helper(int id) ->
          Placed.RUNNABLE.address() + Placed.CODE.offset(routine(id).orElseThrow());
      case Literal.TailCall() -> throw new IllegalArgumentException("no tail calls");
    };
  }

  /** The helpers that code calls. */
  static int[] helpers(Code code) {
    return code.instructions().stream()
        .filter(Instruction.CallHelper.class::isInstance)
        .mapToInt(i -> ((Instruction.CallHelper) i).id())
        .toArray();
  }

  static boolean hasRoutine(int helper) {
    return routine(helper).isPresent();
  }

  private static Optional<MapRoutine> routine(int helper) {
    return HelperFunction.of(helper).flatMap(Addresses::routine);
  }

  private static Optional<MapRoutine> routine(HelperFunction helper) {
    return switch (helper) {
      case MAP_LOOKUP_ELEM -> Optional.of(MapRoutine.LOOKUP);
      case MAP_UPDATE_ELEM -> Optional.of(MapRoutine.UPDATE);
      case MAP_DELETE_ELEM -> Optional.of(MapRoutine.DELETE);
      case MAP_LOOKUP_PERCPU_ELEM -> Optional.of(MapRoutine.LOOKUP_PERCPU);
      case RINGBUF_RESERVE -> Optional.of(MapRoutine.RINGBUF_RESERVE);
      case RINGBUF_SUBMIT -> Optional.of(MapRoutine.RINGBUF_SUBMIT);
      case RINGBUF_DISCARD -> Optional.of(MapRoutine.RINGBUF_DISCARD);
      case RINGBUF_OUTPUT -> Optional.of(MapRoutine.RINGBUF_OUTPUT);
      case RINGBUF_QUERY -> Optional.of(MapRoutine.RINGBUF_QUERY);
      default -> Optional.empty();
    };
  }
}
