package dev.whatif.ebpf.conformance;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.interpreter.MemoryFault;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.ebpf.verifier.ProgramRefusal;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import dev.whatif.ebpf.verifier.Verifier;

/**
 * What came out of a case on an engine.
 *
 * @param name of the case
 * @param engine its name
 * @param passed whether it is as the case says
 * @param why it is not; empty when it passed
 */
public record Verdict(String name, String engine, boolean passed, String why) {

  /** Runs a case. */
  public static Verdict of(ConformanceCase test, ConformanceEngine engine) {
    String why = failure(test, engine);
    return new Verdict(test.name(), engine.name(), why.isEmpty(), why);
  }

  private static String failure(ConformanceCase test, ConformanceEngine engine) {
    long r0;
    try {
      byte[] memory = test.memory();
      VerifiedProgram program =
          Verifier.verify(
              Program.onMemory(test.name(), test.code(), memory.length), RuleSet.RFC9669);
      r0 = engine.run(program, memory);
    } catch (WhatifException | ProgramRefusal | MemoryFault e) {
      return test.negative() ? "" : String.valueOf(e.getMessage());
    }
    if (test.negative()) {
      return "must be refused, and gives 0x%x".formatted(r0);
    }
    long expected = test.result();
    return r0 == expected ? "" : "r0 is 0x%x, not 0x%x".formatted(r0, expected);
  }
}
