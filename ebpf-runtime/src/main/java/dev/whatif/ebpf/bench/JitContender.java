package dev.whatif.ebpf.bench;

import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.jit.InvocationLayout;
import dev.whatif.ebpf.jit.Literal;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.verifier.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Code of this project's compiler, in this process. Maps are those of global variables only. */
final class JitContender implements Contender {

  private final Arena arena = Arena.ofConfined();
  private final RepeatedCall calls = new RepeatedCall();
  private final RunnableCode code;
  private final MemorySegment context = Block.context(arena);
  private final MemorySegment invocation = arena.allocate(InvocationLayout.BYTES, 64);

  JitContender(Program program, CompiledCode compiled) {
    List<MemorySegment> values = new ArrayList<>();
    for (MapDefinition map : program.maps()) {
      MemorySegment value = arena.allocate(Math.max(map.valueSize(), 1), 64);
      value.copyFrom(MemorySegment.ofArray(map.initialValue()));
      values.add(value);
    }
    code = RunnableCode.of(compiled, target -> address(target, values));
  }

  private static long address(Literal.Target target, List<MemorySegment> values) {
    return switch (target) {
      case Literal.MapValue(int index, int offset) -> values.get(index).address() + offset;
      case Literal.MapAddress _, Literal.Helper _, Literal.TailCall _ ->
          throw new IllegalArgumentException("a benchmark has no " + target);
    };
  }

  @Override
  public String name() {
    return "jit";
  }

  @Override
  public int result() {
    return (int) calls.call(code.address(), context, 0, invocation, 1);
  }

  @Override
  public double nanos(int times) {
    return calls.nanos(code.address(), context, 0, invocation, times);
  }

  @Override
  public double emptyNanos(int times) {
    return calls.emptyNanos(times);
  }

  @Override
  public void close() {
    code.close();
    calls.close();
    arena.close();
  }
}
