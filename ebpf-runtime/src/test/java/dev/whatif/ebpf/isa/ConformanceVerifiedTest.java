package dev.whatif.ebpf.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.conformance.ConformanceCase;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.ebpf.verifier.ProgramRefusal;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.Verifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every program of the conformance suite that has a result is accepted by the standard's rules. */
class ConformanceVerifiedTest {

  private static final int AT_LEAST = 170;

  @Test
  void programsWithAResultAreAccepted() {
    List<String> refused = new ArrayList<>();
    List<ConformanceCase> cases =
        SuiteCases.good().filter(c -> c.hasAsm() && c.sections().containsKey("result")).toList();
    for (ConformanceCase c : cases) {
      byte[] bytes = c.memory();
      try {
        Verifier.verify(Program.onMemory(c.name(), c.code(), bytes.length), RuleSet.RFC9669);
      } catch (ProgramRefusal e) {
        refused.add(String.valueOf(e.getMessage()));
      }
    }
    assertThat(refused).isEmpty();
    assertThat(cases).hasSizeGreaterThan(AT_LEAST);
  }
}
