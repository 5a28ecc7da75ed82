package dev.whatif.ebpf.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.conformance.SuiteRoutines;
import dev.whatif.ebpf.isa.Code;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Compiled code does to registers and memory what the standard says. */
class RandomCodeProperties {

  private static void check(long seed, Code code, Set<CpuFeature> features) {
    byte[] expected = RandomCode.memory(seed);
    byte[] memory = expected.clone();
    long r0 = Evaluation.of(code, expected);
    assertThat(Runs.run(code, memory, features, SuiteRoutines::address))
        .as("%s", code)
        .isEqualTo(r0);
    assertThat(memory).as("%s", code).isEqualTo(expected);
  }

  @Property(tries = 3000)
  void likeTheStandard(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int length) {
    check(seed, RandomCode.of(seed, length), CpuFeature.ofThisMachine());
  }

  @Property(tries = 1000)
  void likeTheStandardOnAnOldCpu(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int length) {
    check(seed, RandomCode.of(seed, length), Set.of());
  }

  @Property(tries = 20)
  void farJumpsAreLong(@ForAll long seed, @ForAll @IntRange(min = 300, max = 3000) int length) {
    check(seed, RandomCode.of(seed, length), CpuFeature.ofThisMachine());
  }
}
