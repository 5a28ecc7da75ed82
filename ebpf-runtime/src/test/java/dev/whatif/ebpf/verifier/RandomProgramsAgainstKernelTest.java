package dev.whatif.ebpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.isa.Disassembler;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random programs: what we accept, the kernel accepts, and mostly the reverse. */
@Requires({Requirement.ROOT, Requirement.BPF})
class RandomProgramsAgainstKernelTest {

  /** The same programs every day; others in the long run. */
  private static final long DAILY_SEED = 2;

  private static final int DAILY = 200;
  private static final int LONG = 50_000;
  private static final int DAMAGED = 800;

  /** Of a hundred programs, we refuse at most one that the kernel accepts. */
  private static final double MOST_REFUSED = 0.01;

  private static final double LEAST_ACCEPTED = 0.25;

  /**
   * What was found.
   *
   * @param both accepted by both
   * @param onlyOurs accepted by us only, as text
   * @param onlyKernel accepted by the kernel only
   */
  record Findings(int both, List<String> onlyOurs, List<String> onlyKernel) {}

  @Test
  void whatWeAcceptTheKernelAccepts() {
    judge(compare(DAILY_SEED, DAILY), DAILY);
  }

  @Test
  @Tag("long")
  void whatWeAcceptOfManyTheKernelAccepts() {
    judge(compare(new Random().nextLong(), LONG), LONG);
  }

  @Test
  void whatWeAcceptOfDamagedProgramsTheKernelAccepts() {
    assertThat(damaged(DAILY_SEED, DAMAGED)).isEmpty();
  }

  /** Those that only we accept. */
  static List<String> damaged(long seed, int programs) {
    List<String> onlyOurs = new ArrayList<>();
    Random seeds = new Random(seed);
    try (KernelVerdict.Maps maps = new KernelVerdict.Maps(TestMaps.ALL)) {
      for (int i = 0; i < programs; i++) {
        long each = seeds.nextLong();
        // functions of the kernel are asked for where they are reached; there, everywhere
        Optional<Program> program =
            RandomProgram.damaged(each)
                .filter(p ->
                    p.code().instructions().stream()
                        .noneMatch(Instruction.CallKernel.class::isInstance));
        if (program.isPresent() && VerifierAgainstKernelTest.verdict(program.get()).isEmpty()) {
          KernelVerdict kernel = maps.on(program.get());
          if (!kernel.accepted()) {
            onlyOurs.add(text(each, program.get(), kernel.log()));
          }
        }
      }
    }
    return onlyOurs;
  }

  private static void judge(Findings findings, int programs) {
    assertThat(findings.onlyOurs()).isEmpty();
    assertThat(findings.onlyKernel()).hasSizeLessThan((int) (programs * MOST_REFUSED) + 1);
    assertThat((double) findings.both() / programs).isGreaterThan(LEAST_ACCEPTED);
  }

  static Findings compare(long seed, int programs) {
    int both = 0;
    List<String> onlyOurs = new ArrayList<>();
    List<String> onlyKernel = new ArrayList<>();
    Random seeds = new Random(seed);
    try (KernelVerdict.Maps maps = new KernelVerdict.Maps(TestMaps.ALL)) {
      for (int i = 0; i < programs; i++) {
        long each = seeds.nextLong();
        Program program = RandomProgram.of(each);
        String ours = VerifierAgainstKernelTest.verdict(program);
        if (ours.contains("instructions were followed")) {
          continue; // the kernel, too, would take its time
        }
        KernelVerdict kernel = maps.on(program);
        if (ours.isEmpty() && kernel.accepted()) {
          both++;
        } else if (ours.isEmpty()) {
          onlyOurs.add(text(each, program, kernel.log()));
        } else if (kernel.accepted()) {
          onlyKernel.add(text(each, program, ours));
        }
      }
    }
    return new Findings(both, onlyOurs, onlyKernel);
  }

  private static String text(long seed, Program program, String why) {
    return "seed %d\n%s\n%s"
        .formatted(seed, Disassembler.of(Dialect.LLVM).program(program.code()), why);
  }
}
