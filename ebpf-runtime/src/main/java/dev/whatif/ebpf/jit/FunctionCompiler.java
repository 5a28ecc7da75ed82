package dev.whatif.ebpf.jit;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one function in one pass: instruction by instruction, or several at once where the
 * machine has one for them.
 */
final class FunctionCompiler {

  private final Code code;
  private final CompiledFunction function;
  private final Flow flow;
  private final Output out;
  private final Emitter e;
  private final Map<Integer, Label> functions;
  private final int[] offsets;
  private final Values values;
  private final AluCode alu;
  private final MemoryCode memory;
  private final AtomicCode atomics;
  private final BranchCode branches;
  private final ConditionalCode conditionals;
  private final CallCode calls;
  private final Map<Place, Label> labels = new HashMap<>();

  /** How many branches that lead to a place became moves: they jump no more. */
  private final Map<Place, Integer> fused = new HashMap<>();

  /** The loop of which a copy is being emitted, and which copy. */
  private @Nullable Loop loop;

  private int copy;

  /**
   * Where jumps lead.
   *
   * @param copy of an unrolled loop, else 0
   * @param index of the instruction
   */
  private record Place(int copy, int index) {}

  /**
   * A compiler.
   *
   * @param functions of the program, by the index of their first instruction
   * @param offsets gets where the code of each instruction begins
   */
  FunctionCompiler(
      Code code,
      CompiledFunction function,
      Output out,
      Map<Integer, Label> functions,
      int[] offsets) {
    this.code = code;
    this.function = function;
    this.flow = function.flow();
    this.out = out;
    this.e = out.e;
    this.functions = functions;
    this.offsets = offsets;
    values = new Values(e, out.features);
    alu = new AluCode(out, values);
    memory = new MemoryCode(out, values, function.slots());
    atomics = new AtomicCode(out, values);
    branches = new BranchCode(out, values);
    conditionals = new ConditionalCode(out, values, branches, function.slots());
    calls = new CallCode(out, values, function.frame());
  }

  /** Emits the whole function, after what an entry from outside needs. */
  void compile() {
    function.frame().enter(e);
    if (function.movesInvocation()) {
      e.move(Registers.INVOCATION, dev.whatif.core.x86.Register.RDX);
    }
    values.enter(ValueBits.unknown());
    for (int i = flow.first(); i < flow.end(); ) {
      Loop unrolled = Loop.at(flow, i, values.bits());
      i = unrolled == null ? next(i) : unroll(unrolled);
    }
    out.emitSeldom();
  }

  /** Emits what begins at an instruction; tells which one is next. */
  private int next(int i) {
    enterWhereJumpsLead(i);
    return body(i);
  }

  private int body(int i) {
    values.at(flow.liveIn(i));
    offsets[i] = e.offset();
    int next = i + instruction(i);
    for (int done = i; done < next; done++) {
      offsets[done] = offsets[i];
      values.bits().apply(flow.at(done));
    }
    return next;
  }

  /**
   * Emits a loop several times in a row, the jump back behind the last. From one to the next
   * nothing is computed that only counts.
   */
  private int unroll(Loop unrolled) {
    enter(unrolled.head());
    loop = unrolled;
    for (copy = 0; copy < unrolled.copies(); copy++) {
      int i = body(unrolled.head());
      while (i < unrolled.back()) {
        i = next(i);
      }
      enterWhereJumpsLead(i);
      if (copy == unrolled.copies() - 1) {
        loop = null;
        copy = 0;
        return body(i);
      }
      values.at(flow.liveIn(i));
      offsets[i] = e.offset();
      if (!unrolled.endsWithLast() && flow.at(i) instanceof Instruction.Branch branch) {
        branches.branchUnless(branch, flow.liveIn(i + 1), label(i + 1));
      }
    }
    throw new IllegalStateException("a loop of no copies");
  }

  private void enterWhereJumpsLead(int index) {
    int jumps = flow.jumpsTo(index) - fused.getOrDefault(place(index), 0);
    if (jumps > 0 || labels.containsKey(place(index))) {
      enter(index);
    } else if (flow.jumpsTo(index) > 0) {
      values.know(function.bits().before(index));
    }
  }

  /** Here jumps lead: whichever way one comes, all values are in their places. */
  private void enter(int index) {
    if (index > flow.first() && flow.fallsThrough(index - 1)) {
      values.at(flow.liveIn(index));
      values.computeAll(flow.liveIn(index));
    }
    e.bind(label(index));
    values.enter(function.bits().before(index));
  }

  private Place place(int index) {
    return new Place(loop != null && loop.isInside(index) ? copy : 0, index);
  }

  private Label label(int index) {
    return labels.computeIfAbsent(place(index), p -> new Label());
  }

  /** Compiles an instruction, and others with it; tells how many. */
  private int instruction(int i) {
    switch (flow.at(i)) {
      case Instruction.Alu(var width, var operator, var dst, var src) ->
          alu.operate(width, operator, dst, src);
      case Instruction.Move(var width, var dst, var src) -> alu.move(width, dst, src);
      case Instruction.MoveSigned(var width, int bits, var dst, var src) ->
          alu.moveSigned(width, bits, dst, src);
      case Instruction.Negate(var width, var dst) -> alu.negate(width, dst);
      case Instruction.SwapBytes(var swap, int bits, var dst) -> alu.swap(swap, bits, dst);
      case Instruction.LoadImmediate(var dst, long value) ->
          values.defer(dst, () -> Deferred.Sum.constant(value));
      case Instruction.LoadReference reference -> reference(i, reference);
      case Instruction.Load load -> {
        return load(i, load);
      }
      case Instruction.Store store -> memory.store(store);
      case Instruction.Atomic atomic -> {
        values.computeAll(flow.liveIn(i));
        atomics.change(atomic);
      }
      case Instruction.Jump _ -> jump(i);
      case Instruction.Branch branch -> {
        return branch(i, branch);
      }
      case Instruction.CallHelper(int id) -> {
        values.computeAll(flow.liveIn(i));
        calls.helper(id);
        values.clearFlags();
      }
      case Instruction.CallLocal _ -> {
        values.computeAll(flow.liveIn(i));
        calls.local(function(i));
        values.clearFlags();
      }
      case Instruction.CallRegister(var target) -> {
        OptionalInt known = values.constant(target, Width.W64);
        values.computeAll(flow.liveIn(i));
        calls.register(target, known);
        values.clearFlags();
      }
      case Instruction.Exit _ -> {
        values.compute(Register.R0);
        calls.exit();
      }
      case Instruction.LoadPacketAbsolute _, Instruction.LoadPacketIndirect _ ->
          throw unsupported(i, "legacy access to packets");
      case Instruction.CallKernel _ -> throw unsupported(i, "a call of a kernel function");
    }
    return 1;
  }

  private UnavailableException unsupported(int i, String what) {
    return new UnavailableException(
        "slot %d: %s has no meaning outside of the kernel".formatted(code.slotOf(i), what),
        "run it in the kernel");
  }

  private void reference(int i, Instruction.LoadReference reference) {
    var to = values.replace(reference.dst());
    switch (reference.kind()) {
      case FUNCTION -> e.loadAddress(to, function(i));
      case MAP_INDEX -> e.load(to, out.literal(new Literal.MapAddress(reference.first())));
      case MAP_INDEX_VALUE ->
          e.load(to, out.literal(new Literal.MapValue(reference.first(), reference.second())));
      case MAP, MAP_VALUE, VARIABLE -> throw unsupported(i, "a reference to the kernel's memory");
    }
  }

  private Label function(int i) {
    long slot = flow.at(i).targetFrom(code.slotOf(i)).orElseThrow();
    Label label = functions.get(code.indexAt(slot).orElseThrow());
    if (label == null) {
      throw new IllegalStateException("no function at slot " + slot);
    }
    return label;
  }

  /** Whether so many instructions follow each other with no jump into them. */
  private boolean isStraight(int first, int count) {
    for (int i = first + 1; i < first + count; i++) {
      if (!flow.has(i) || flow.jumpsTo(i) > 0) {
        return false;
      }
    }
    return true;
  }

  private int load(int i, Instruction.Load load) {
    if (isStraight(i, 3)
        && memory.change(load, flow.at(i + 1), flow.at(i + 2), flow.liveOut(i + 2))) {
      return 3;
    }
    if (isStraight(i, 2) && memory.operateOn(load, flow.at(i + 1), flow.liveOut(i + 1))) {
      return 2;
    }
    memory.load(load, flow.liveOut(i));
    return 1;
  }

  private void jump(int i) {
    int target = flow.target(i);
    values.computeAll(flow.liveIn(target));
    if (target != i + 1) {
      e.jump(label(target));
    }
  }

  private int branch(int i, Instruction.Branch branch) {
    int target = flow.target(i);
    int skipped = target - i - 1;
    if (skipped >= 1 && skipped <= ConditionalCode.MOST && isStraight(i, skipped + 1)) {
      List<Instruction> instructions = new ArrayList<>();
      for (int m = i + 1; m < target; m++) {
        instructions.add(flow.at(m));
      }
      if (conditionals.over(branch, instructions, flow.liveIn(target))) {
        fused.merge(place(target), 1, Integer::sum);
        return skipped + 1;
      }
    }
    branches.branch(branch, flow.liveIn(target), label(target));
    return 1;
  }
}
