package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.conformance.SuiteRoutines;
import dev.whatif.ebpf.isa.Code;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Compiles code that nobody has verified, and runs it in this process. */
final class Runs {

  private Runs() {}

  /** r0 of code on a copy of some memory; what the memory is then is written back. */
  static long run(Code code, byte[] memory) {
    return run(code, memory, CpuFeature.ofThisMachine(), SuiteRoutines::address);
  }

  /** The same for a CPU with these features and with these literals. */
  static long run(
      Code code, byte[] memory, Set<CpuFeature> features, ToLongFunction<Literal.Target> literals) {
    CompiledCode compiled = new JitCompiler(code, features).compile();
    try (Ready ready = new Ready(RunnableCode.of(compiled, literals))) {
      return ready.run(memory);
    }
  }

  /** Code that needs no literal, to be run often. */
  static Ready ready(CompiledCode compiled) {
    return new Ready(RunnableCode.of(compiled, SuiteRoutines::address));
  }

  /** Code that can be run. */
  record Ready(RunnableCode code) implements AutoCloseable {

    /** r0 on a copy of some memory; what the memory is then is written back. */
    long run(byte[] memory) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment context = arena.allocate(Math.max(memory.length, 1), 8);
        MemorySegment.copy(memory, 0, context, ValueLayout.JAVA_BYTE, 0, memory.length);
        MemorySegment invocation = arena.allocate(InvocationLayout.BYTES, 8);
        long result = code.run(context, memory.length, invocation);
        MemorySegment.copy(context, ValueLayout.JAVA_BYTE, 0, memory, 0, memory.length);
        return result;
      }
    }

    @Override
    public void close() {
      code.close();
    }
  }
}
