package dev.whatif.ebpf.conformance;

import dev.whatif.ebpf.verifier.VerifiedProgram;

/** What runs a case's program. */
public interface ConformanceEngine {

  /** Its name in output, for example {@code interpreter}. */
  String name();

  /**
   * Runs a program once.
   *
   * @param memory what r1 points to; a copy is handed to the program
   * @return r0
   */
  long run(VerifiedProgram program, byte[] memory);
}
