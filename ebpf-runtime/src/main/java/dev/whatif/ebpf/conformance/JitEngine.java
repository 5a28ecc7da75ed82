package dev.whatif.ebpf.conformance;

import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.jit.InvocationLayout;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The compiler, with the suite's own helper functions; programs run in this process. */
public final class JitEngine implements ConformanceEngine {

  private static final int ALIGNMENT = 16;

  /** One for any number of cases. */
  public JitEngine() {}

  @Override
  public String name() {
    return "jit";
  }

  @Override
  public long run(VerifiedProgram program, byte[] memory) {
    return run(Jit.compile(program), memory);
  }

  /** Places code in this process and runs it. */
  static long run(CompiledCode compiled, byte[] memory) {
    try (RunnableCode code = RunnableCode.of(compiled, SuiteRoutines::address);
        Arena arena = Arena.ofConfined()) {
      MemorySegment context = arena.allocate(Math.max(memory.length, 1), ALIGNMENT);
      MemorySegment.copy(memory, 0, context, ValueLayout.JAVA_BYTE, 0, memory.length);
      return code.run(context, memory.length, arena.allocate(InvocationLayout.BYTES, ALIGNMENT));
    }
  }
}
