package dev.whatif.ebpf.relocation;

import java.util.List;
import java.util.Optional;

/**
 * A program that fits a target.
 *
 * @param code the instructions, as many as before
 * @param results one for each relocation, in the order of the records
 */
// The array is handed over, never kept by the relocator.
@SuppressWarnings("ArrayRecordComponent")
public record RelocatedProgram(byte[] code, List<RelocationResult> results) {

  /** What was relocated at an instruction: explains the verifier's complaint about it. */
  public Optional<RelocationResult> at(int slot) {
    return results.stream().filter(r -> r.slot() == slot).findFirst();
  }

  /** What the target does not have; only what the program can reach of it matters. */
  public List<RelocationResult.Poisoned> missing() {
    return results.stream()
        .filter(RelocationResult.Poisoned.class::isInstance)
        .map(RelocationResult.Poisoned.class::cast)
        .toList();
  }
}
