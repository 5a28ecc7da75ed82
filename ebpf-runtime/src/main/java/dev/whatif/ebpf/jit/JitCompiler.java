package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.ReferenceKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Compiles code that is known to be harmless. One thread, once. */
final class JitCompiler {

  private static final int ALIGNMENT = 16;
  private static final int UNKNOWN = -1;

  private final Code original;
  private final Code code;
  private final int[] origin;
  private final Set<CpuFeature> features;
  private final List<CompiledFunction> functions = new ArrayList<>();
  private final boolean needsInvocation;

  /** Whether the entry is called from within, too, where r12 is set already. */
  private final boolean entryIsCalled;

  private final int[] offsets;
  private List<Literal> literals = List.of();
  private int entry;

  JitCompiler(Code original, Set<CpuFeature> features) {
    this.original = original;
    this.features = features;
    BlockOrder.Ordered ordered = BlockOrder.of(original, flows(original));
    code = ordered.code();
    origin = ordered.origin();
    offsets = new int[code.instructions().size()];
    needsInvocation = code.instructions().stream().anyMatch(CallCode::needsInvocation);
    entryIsCalled = called(code).contains(0);
  }

  /** Compiles it. */
  CompiledCode compile() {
    for (Flow flow : flows(code)) {
      boolean movesInvocation = flow.first() == 0 && needsInvocation && !entryIsCalled;
      SlotRegisters slots = SlotRegisters.of(flow, needsInvocation);
      Frame frame = Frame.of(flow, movesInvocation, slots);
      functions.add(
          new CompiledFunction(flow, ValueAnalysis.of(flow), slots, frame, movesInvocation));
    }
    byte[] bytes = Emitter.shortest(0, this::emit);
    return new CompiledCode(bytes, literals, entry, slotOffsets(), features);
  }

  private static List<Flow> flows(Code code) {
    TreeSet<Integer> starts = called(code);
    starts.add(0);
    List<Flow> flows = new ArrayList<>();
    for (Integer start : starts) {
      Integer end = starts.higher(start);
      flows.add(Flow.of(code, start, end == null ? code.instructions().size() : end));
    }
    return flows;
  }

  /** Where functions begin that are called, or whose addresses are taken. */
  private static TreeSet<Integer> called(Code code) {
    TreeSet<Integer> starts = new TreeSet<>();
    for (int i = 0; i < code.instructions().size(); i++) {
      Instruction instruction = code.instructions().get(i);
      boolean names =
          instruction instanceof Instruction.CallLocal
              || instruction instanceof Instruction.LoadReference reference
                  && reference.kind() == ReferenceKind.FUNCTION;
      if (names) {
        long slot = instruction.targetFrom(code.slotOf(i)).orElseThrow();
        starts.add(code.indexAt(slot).orElseThrow());
      }
    }
    return starts;
  }

  private void emit(Emitter e) {
    Output out = new Output(e, features);
    Map<Integer, Label> labels = new HashMap<>();
    functions.forEach(f -> labels.put(f.flow().first(), new Label()));
    entry = 0;
    if (entryIsCalled && needsInvocation) {
      e.push(Registers.INVOCATION).move(Registers.INVOCATION, Register.RDX);
      e.call(Objects.requireNonNull(labels.get(0))).pop(Registers.INVOCATION).ret();
    }
    for (CompiledFunction function : functions) {
      if (e.offset() > 0) {
        e.align(ALIGNMENT);
      }
      e.bind(Objects.requireNonNull(labels.get(function.flow().first())));
      new FunctionCompiler(code, function, out, labels, offsets).compile();
    }
    literals = out.emitLiterals();
  }

  private int[] slotOffsets() {
    int[] result = new int[original.slots()];
    Arrays.fill(result, UNKNOWN);
    for (int i = offsets.length - 1; i >= 0; i--) {
      for (int s = 0; s < original.instructions().get(origin[i]).slots(); s++) {
        result[original.slotOf(origin[i]) + s] = offsets[i];
      }
    }
    // a jump that became needless is where the next instruction is
    for (int slot = result.length - 2; slot >= 0; slot--) {
      result[slot] = result[slot] == UNKNOWN ? result[slot + 1] : result[slot];
    }
    return result;
  }
}
