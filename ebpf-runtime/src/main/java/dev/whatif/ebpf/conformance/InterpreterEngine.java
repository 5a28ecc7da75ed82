package dev.whatif.ebpf.conformance;

import dev.whatif.ebpf.interpreter.Execution;
import dev.whatif.ebpf.interpreter.Interpreter;
import dev.whatif.ebpf.interpreter.MemoryRange;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The interpreter, with the suite's own helper functions. */
public final class InterpreterEngine implements ConformanceEngine {

  private static final int ALIGNMENT = 16;

  /** One for any number of cases. */
  public InterpreterEngine() {}

  @Override
  public String name() {
    return "interpreter";
  }

  @Override
  public long run(VerifiedProgram program, byte[] memory) {
    try (Arena arena = Arena.ofConfined();
        Execution execution = Interpreter.of(program, new SuiteHelpers()).execution()) {
      MemorySegment segment = arena.allocate(memory.length, ALIGNMENT);
      MemorySegment.copy(memory, 0, segment, ValueLayout.JAVA_BYTE, 0, memory.length);
      return execution.run(segment.address(), memory.length, List.of(MemoryRange.of(segment)));
    }
  }
}
