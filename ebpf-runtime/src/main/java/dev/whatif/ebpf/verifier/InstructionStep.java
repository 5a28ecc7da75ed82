package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/** What one instruction does to a state, and what comes next. */
final class InstructionStep {

  private final Verification in;
  private final AluStep alu;
  private final MemoryStep memory;
  private final BranchStep branches;
  private final CallStep calls;
  private final HelperStep helpers;
  private final SuiteHelpers suite;

  InstructionStep(Verification verification, BranchStep.Fork fork) {
    in = verification;
    StackAccess stack = new StackAccess(verification);
    RegionAccess regions = new RegionAccess(verification);
    alu = new AluStep(verification);
    memory = new MemoryStep(verification, stack, regions);
    branches = new BranchStep(verification, fork);
    calls = new CallStep(verification);
    helpers = new HelperStep(verification, stack, regions, fork);
    suite = new SuiteHelpers(verification, stack, regions);
  }

  /**
   * Follows an instruction.
   *
   * @return the index of the next one, or {@link CallStep#END}
   */
  int follow(MachineState state, int index) {
    switch (in.code.instructions().get(index)) {
      case Instruction.Alu i -> alu.alu(state, i);
      case Instruction.Move i -> alu.move(state, i);
      case Instruction.MoveSigned i -> alu.moveSigned(state, i);
      case Instruction.Negate i -> alu.negate(state, i);
      case Instruction.SwapBytes i -> alu.swap(state, i);
      case Instruction.LoadImmediate(var dst, long value) ->
          in.write(state, dst, Scalar.constant(value));
      case Instruction.LoadReference i -> in.write(state, i.dst(), reference(index, i));
      case Instruction.Load i -> memory.load(state, index, i);
      case Instruction.Store i -> memory.store(state, index, i);
      case Instruction.Atomic i -> memory.atomic(state, index, i);
      case Instruction.Jump _ -> {
        return in.target(index);
      }
      case Instruction.Branch i -> {
        return branches.branch(state, index, i);
      }
      case Instruction.CallHelper(int id) -> {
        if (in.strict()) {
          helpers.call(state, index, id);
        } else {
          suite.call(state, id);
        }
      }
      case Instruction.CallLocal _ -> {
        return calls.call(state, index, in.target(index));
      }
      case Instruction.CallRegister(var target) -> {
        return callThrough(state, index, target);
      }
      case Instruction.Exit _ -> {
        return calls.exit(state);
      }
      case Instruction.CallKernel(int id, _) ->
          throw new Fault(
              "calls kernel function " + id,
              "kernel functions exist in the kernel only: use helpers, or attach it there");
      case Instruction.LoadPacketAbsolute _, Instruction.LoadPacketIndirect _ ->
          throw new Fault(
              "loads from a packet by an obsolete instruction",
              "access the packet through data and data_end");
    }
    return index + 1;
  }

  /** Refuses the address of something that is not there. */
  void requireReference(int index) {
    if (in.code.instructions().get(index) instanceof Instruction.LoadReference reference) {
      reference(index, reference);
    }
  }

  private RegisterState reference(int index, Instruction.LoadReference reference) {
    return switch (reference.kind()) {
      case FUNCTION -> Pointer.at(new Provenance.Function(in.target(index)), 0);
      case MAP_INDEX -> {
        requireForType(reference.first());
        yield Pointer.at(new Provenance.MapHandle(reference.first()), 0);
      }
      case MAP_INDEX_VALUE -> {
        int map = reference.first();
        long offset = Integer.toUnsignedLong(reference.second());
        if (in.maps.require(map) != MapType.ARRAY
            || in.maps.maxEntries(map) != 1
            || offset >= in.maps.valueBytes(map)) {
          throw new Fault(
              "takes the address of byte %d of %s without looking it up"
                  .formatted(offset, in.maps.name(map)),
              "only arrays of one element have values at a known address");
        }
        yield Pointer.at(new Provenance.MapValue(map), (int) offset);
      }
      case MAP, MAP_VALUE, VARIABLE ->
          throw new Fault("names " + ReferenceKind.VARIABLE, "link the program first");
    };
  }

  /** Programs that may sleep use maps only that allow it ({@code check_map_prog_compatibility}). */
  private void requireForType(int map) {
    MapType type = in.maps.require(map);
    boolean others =
        switch (type) {
          case PROG_ARRAY, PERF_EVENT_ARRAY, STACK_TRACE -> true;
          default -> false;
        };
    if (others && in.program.type() == ProgramType.SYSCALL) {
      throw new Fault(
          "%s is of type %s, which programs of type SYSCALL cannot use"
              .formatted(in.maps.name(map), type),
          "use arrays, hashes and ring buffers");
    }
  }

  private int callThrough(MachineState state, int index, Register target) {
    if (in.strict()) {
      throw new Fault(
          "calls a function through a register", "call functions by name, or use a tail call");
    }
    RegisterState value = in.read(state, target);
    if (value instanceof Pointer pointer
        && pointer.to() instanceof Provenance.Function(int function)
        && pointer.isFixed()
        && pointer.fixedOffset() == 0) {
      return calls.call(state, index, function);
    }
    if (value instanceof Scalar number && number.range().isConstant()) {
      number.demand().raise();
      suite.call(state, (int) number.range().value());
      return index + 1;
    }
    throw new Fault(
        "calls through r%d, which is %s".formatted(target.number(), value.text()),
        "call a function whose address is known, or a helper by its number");
  }
}
