package dev.whatif.ebpf.verifier;

import dev.whatif.core.linux.CpuList;
import dev.whatif.ebpf.bpfhelper.Argument;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import java.util.List;

/** Calls of helpers ({@code check_helper_call} in kernel/bpf/verifier.c). */
final class HelperStep {

  /** kernel, include/linux/err.h. */
  private static final int MAX_ERRNO = 4095;

  private final Verification in;
  private final StackAccess stack;
  private final RegionAccess regions;
  private final CallbackStep callbacks;

  HelperStep(
      Verification verification, StackAccess stack, RegionAccess regions, BranchStep.Fork fork) {
    in = verification;
    this.stack = stack;
    this.regions = regions;
    callbacks = new CallbackStep(verification, fork);
  }

  /** Checks the arguments, follows callbacks, and sets the result. */
  void call(MachineState state, int index, int id) {
    HelperFunction helper =
        HelperFunction.of(id)
            .orElseThrow(() ->
                new Fault(
                    "calls helper %d, which whatif does not have in user space".formatted(id),
                    "use another one, or attach the program in the kernel"));
    if (!helper.isFor(in.program.type())) {
      throw new Fault(
          "%s is not for programs of type %s".formatted(helper.cName(), in.program.type()),
          "call it from a program of another type");
    }
    HelperArguments arguments = new HelperArguments(in, state, helper, stack, regions);
    List<Argument> kinds = helper.arguments();
    for (int i = 0; i < kinds.size(); i++) {
      arguments.check(i, kinds.get(i));
    }
    if (arguments.map >= 0) {
      MapUse.require(in.maps, arguments.map, helper);
    }
    switch (helper) {
      case TAIL_CALL -> requireNothingTaken(state);
      case LOOP, FOR_EACH_MAP_ELEM ->
          callbacks.follow(state, index, helper, arguments.function, arguments.map);
      case SNPRINTF, STRNCMP, TRACE_PRINTK -> FormatText.check(in, state, helper);
      default -> {
        // the arguments are all there is to it
      }
    }
    RegisterState result = result(state, index, helper, arguments);
    arguments.finish();
    state.frame().forgetCallerSaved(in.forgotten());
    state.set(Register.R0, result);
  }

  private RegisterState result(
      MachineState state, int index, HelperFunction helper, HelperArguments arguments) {
    return switch (helper.result()) {
      case NUMBER, NOTHING -> Scalar.unknown();
      case LENGTH -> Scalar.of(ScalarRange.between(-MAX_ERRNO, Math.max(arguments.longest, 0)));
      case CPU -> {
        int[] possible = CpuList.possible();
        yield Scalar.of(ScalarRange.between(0, possible[possible.length - 1]));
      }
      case VALUE_OR_NULL ->
          Pointer.at(
              new Provenance.MapValue(arguments.map),
              0,
              in.newId(),
              !isSurelyThere(state, helper, arguments.map));
      case RECORD_OR_NULL -> {
        int id = in.newId();
        state.acquire(id, index);
        yield Pointer.at(new Provenance.Memory(arguments.constant, id), 0, id, true);
      }
    };
  }

  /** An element of an array whose index is known to be one ({@code get_constant_map_key}). */
  private boolean isSurelyThere(MachineState state, HelperFunction helper, int map) {
    MapType type = in.maps.require(map);
    boolean array = type == MapType.ARRAY || type == MapType.PERCPU_ARRAY;
    if (helper != HelperFunction.MAP_LOOKUP_ELEM
        || !array
        || !(state.get(Register.R2) instanceof Pointer key)
        || !(key.to() instanceof Provenance.Stack(int frame))
        || !key.isFixed()) {
      return false;
    }
    int at = (int) key.fixedOffset();
    StackSlot slot = state.frame(frame).slot(StackFrame.slotOf(at));
    int from = at & StackSlot.BYTES - 1;
    long index;
    if (from + Integer.BYTES <= StackSlot.BYTES && slot.isZero(from, Integer.BYTES)) {
      index = 0;
    } else if (from == 0
        && slot.isSavedScalar()
        && slot.savedBytes() >= Integer.BYTES
        && ((Scalar) slot.value()).range().isLowerConstant()) {
      Scalar number = (Scalar) slot.value();
      index = number.range().bits().lower().value();
      number.demand().raise();
    } else {
      return false;
    }
    return index < in.maps.maxEntries(map);
  }

  private static void requireNothingTaken(MachineState state) {
    if (!state.references().isEmpty()) {
      throw new Fault(
          "a tail call with a ring record that was reserved and not given back",
          "call bpf_ringbuf_submit or bpf_ringbuf_discard before");
    }
  }
}
