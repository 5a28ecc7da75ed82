package dev.whatif.ebpf.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.verifier.Program;
import org.junit.jupiter.api.Test;

class MinimiserTest {

  @Test
  void onlyWhatMattersIsLeft() {
    Program program = ProgramGenerator.of(5).program();
    Program small = Minimiser.of(program, MinimiserTest::adds);
    assertThat(program.code().instructions()).hasSizeGreaterThan(20);
    assertThat(adds(program)).isTrue();
    assertThat(small.code().instructions()).hasSize(1);
  }

  @Test
  void jumpsLeadWhereTheyLed() {
    Program program = ProgramGenerator.of(7).program();
    Program small = Minimiser.of(program, p -> exits(p) >= 2 && branches(p) >= 1);
    assertThat(small.code().instructions()).hasSize(3);
    Instruction.Branch branch =
        (Instruction.Branch)
            small.code().instructions().stream()
                .filter(Instruction.Branch.class::isInstance)
                .findFirst()
                .orElseThrow();
    int at = small.code().instructions().indexOf(branch);
    assertThat(at + 1 + branch.offset()).isBetween(0, 2);
  }

  private static boolean adds(Program program) {
    return program.code().instructions().stream()
        .anyMatch(i -> i instanceof Instruction.Alu alu && alu.operator() == AluOperator.ADD);
  }

  private static long exits(Program program) {
    return program.code().instructions().stream()
        .filter(Instruction.Exit.class::isInstance)
        .count();
  }

  private static long branches(Program program) {
    return program.code().instructions().stream()
        .filter(Instruction.Branch.class::isInstance)
        .count();
  }
}
