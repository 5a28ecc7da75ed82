package dev.whatif.ebpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Small programs, a pair or more for each rule: our verdict, and the kernel's on the same one. */
@Requires({Requirement.ROOT, Requirement.BPF})
class VerifierAgainstKernelTest {

  private static final int AT_LEAST = 150;

  @Test
  void eachProgramIsJudgedAsTheKernelJudgesIt() {
    List<String> wrong = new ArrayList<>();
    List<VerifierCase> cases = VerifierCase.all().toList();
    try (KernelVerdict.Maps maps = new KernelVerdict.Maps(TestMaps.ALL)) {
      for (VerifierCase c : cases) {
        String ours = verdict(c.program());
        KernelVerdict kernel = maps.on(c.program());
        boolean expected =
            c.accepted()
                ? ours.isEmpty()
                : !ours.isEmpty() && !c.reason().isEmpty() && ours.contains(c.reason());
        if (!expected) {
          wrong.add("%s: we say: %s".formatted(c, ours.isEmpty() ? "accepted" : ours));
        }
        if (kernel.accepted() != c.kernelAccepts()) {
          wrong.add(
              "%s: the kernel says: %s"
                  .formatted(c, kernel.accepted() ? "accepted" : kernel.reason()));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(cases).hasSizeGreaterThan(AT_LEAST);
  }

  /** Why we refuse it; empty when we do not. */
  static String verdict(Program program) {
    try {
      Verifier.verify(program, RuleSet.KERNEL);
      return "";
    } catch (ProgramRefusal e) {
      return e.getMessage();
    }
  }
}
