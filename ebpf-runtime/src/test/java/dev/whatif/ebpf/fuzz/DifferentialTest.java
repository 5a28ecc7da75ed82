package dev.whatif.ebpf.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random programs are judged alike by two verifiers, and do the same in three engines. */
class DifferentialTest {

  @Test
  @Requires({Requirement.ROOT, Requirement.BPF})
  void enginesAndVerifiersAgree() {
    compare(EnumSet.allOf(FuzzEngine.class), 0, 300);
  }

  @Test
  void interpreterAndCompilerAgree() {
    compare(EnumSet.of(FuzzEngine.INTERPRETER, FuzzEngine.JIT), 1_000, 400);
  }

  @Test
  @Tag("long")
  @Requires({Requirement.ROOT, Requirement.BPF})
  void theyAgreeOnManyPrograms() {
    compare(EnumSet.allOf(FuzzEngine.class), 10_000, 50_000);
  }

  /** An obsolete packet load in code that is never reached: no engine has the instruction. */
  @Test
  void whatWasFoundOnceStaysMended() {
    try (Differential differential =
        new Differential(EnumSet.of(FuzzEngine.INTERPRETER, FuzzEngine.JIT))) {
      assertThat(differential.check(18_994).filter(f -> f.kind().isDefect())).isEmpty();
    }
  }

  private static void compare(Set<FuzzEngine> engines, long first, int count) {
    List<Finding> defects = new ArrayList<>();
    try (Differential differential = new Differential(engines)) {
      for (long seed = first; seed < first + count; seed++) {
        differential.check(seed).filter(f -> f.kind().isDefect()).ifPresent(defects::add);
      }
      Tally tally = differential.tally();
      assertThat(defects).isEmpty();
      assertThat(tally.acceptedByBoth()).as("accepted").isGreaterThan(count * 3L / 10);
      assertThat(tally.refusedByBoth()).as("refused").isGreaterThan(count / 20L);
      assertThat(tally.refusedHereOnly()).as("%s", tally.reasons()).isLessThan(count / 20L);
      for (FuzzEngine engine : engines) {
        assertThat(tally.runs(engine)).as("%s", engine).isGreaterThan(count / 10L);
      }
    }
  }
}
