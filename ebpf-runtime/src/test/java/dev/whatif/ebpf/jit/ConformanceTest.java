package dev.whatif.ebpf.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.conformance.ConformanceCase;
import dev.whatif.ebpf.conformance.SuiteRoutines;
import dev.whatif.ebpf.isa.SuiteCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The public suite says what every instruction does. */
class ConformanceTest {

  private static List<String> wrong(Set<CpuFeature> features) {
    List<String> wrong = new ArrayList<>();
    List<ConformanceCase> cases = SuiteCases.good().toList();
    assertThat(cases).hasSizeGreaterThan(180);
    for (ConformanceCase c : cases) {
      long r0 = Runs.run(c.code(), c.memory(), features, SuiteRoutines::address);
      long expected = c.result();
      if (r0 != expected) {
        wrong.add("%s: 0x%x, not 0x%x".formatted(c.name(), r0, expected));
      }
    }
    return wrong;
  }

  @Test
  void everyCaseHasTheResultOfTheSuite() {
    assertThat(wrong(CpuFeature.ofThisMachine())).isEmpty();
  }

  @Test
  void theOldestCpuHasItToo() {
    assertThat(wrong(Set.of())).isEmpty();
  }
}
