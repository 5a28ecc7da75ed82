package dev.whatif.ebpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.object.ProgramType;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs written to keep a verifier busy: it gives up after as many steps as the kernel. */
class HostileProgramTest {

  private static final long MANY_BYTES = 1L << 30;

  @ParameterizedTest
  @EnumSource
  void aLongLoopEndsTheVerification(RuleSet rules) {
    Code code =
        Code.build(b -> {
          Label again = b.label("again");
          b.move(Register.R0, 0).bind(again).alu(AluOperator.ADD, Register.R0, 1);
          b.branch(Condition.LESS, Register.R0, 1 << 30, again).exit();
        });
    assertThatThrownBy(() -> Verifier.verify(Program.onMemory("long", code, 0), rules))
        .isInstanceOf(ProgramRefusal.class)
        .hasMessageContaining("more than 1,000,000 instructions");
  }

  @Test
  void aTreeOfBranchesEndsTheVerification() {
    // every way gives another number, and all are asked for in the end
    Code code =
        Code.build(b -> {
          b.move(Register.R7, 0);
          for (int i = 0; i < 24; i++) {
            Label skip = b.label("skip");
            b.callHelper(7).branch(Condition.EQUAL, Register.R0, i, skip);
            b.alu(AluOperator.ADD, Register.R7, 1 << i).bind(skip);
          }
          Label end = b.label("end");
          b.branch(Condition.GREATER, Register.R7, 1 << 25, end);
          b.move(Register.R0, 0).exit().bind(end);
          b.load(MemorySize.DOUBLE, Register.R0, Register.R7, 0).exit();
        });
    assertThatThrownBy(() -> verify(code))
        .isInstanceOf(ProgramRefusal.class)
        .hasMessageContaining("more than 1,000,000 instructions");
  }

  @Test
  void manyOpenBranchesAreRefused() {
    Code code =
        Code.build(b -> {
          b.callHelper(7).move(Register.R7, Register.R0);
          Label end = b.label("end");
          for (int i = 0; i < 9_000; i++) {
            b.branch(Condition.EQUAL, Register.R7, 2 * i, end);
          }
          b.bind(end).move(Register.R0, 0).exit();
        });
    assertThatThrownBy(() -> verify(code))
        .isInstanceOf(ProgramRefusal.class)
        .hasMessageContaining("ways are open");
  }

  @Test
  void manyFunctionsThatCallEachOtherAreLookedAtOnce() {
    // each calls all behind it twice: 2^100 chains if they were followed one by one
    int functions = 100;
    Code code =
        Code.build(b -> {
          List<Label> labels =
              IntStream.range(0, functions).mapToObj(i -> b.label("f" + i)).toList();
          b.move(Register.R0, 0);
          Label end = b.label("end");
          b.branch(Condition.EQUAL, Register.R0, 0, end);
          labels.forEach(b::callLocal);
          b.bind(end).move(Register.R0, 0).exit();
          for (int i = 0; i < functions; i++) {
            b.bind(labels.get(i));
            for (int j = i + 1; j < Math.min(i + 30, functions); j++) {
              b.callLocal(labels.get(j));
            }
            b.move(Register.R0, 0).exit();
          }
        });
    assertThatThrownBy(() -> verify(code))
        .isInstanceOf(ProgramRefusal.class)
        .hasMessageContaining("nested deeper");
  }

  @Test
  void memoryStaysBounded() {
    // all states are worth remembering, and all different
    Code code =
        Code.build(b -> {
          Label again = b.label("again");
          b.move(Register.R9, 0).bind(again);
          for (int i = 1; i <= 64; i++) {
            b.store(MemorySize.DOUBLE, Register.R10, -8 * i, Register.R9);
            b.alu(AluOperator.ADD, Register.R9, 1);
          }
          b.branch(Condition.LESS, Register.R9, 1 << 29, again);
          b.move(Register.R0, 0).exit();
        });
    Runtime runtime = Runtime.getRuntime();
    assertThatThrownBy(() -> verify(code))
        .isInstanceOf(ProgramRefusal.class)
        .hasMessageContaining("more than 1,000,000 instructions");
    System.gc();
    assertThat(runtime.totalMemory() - runtime.freeMemory()).isLessThan(MANY_BYTES);
  }

  private static void verify(Code code) {
    Verifier.verify(
        new Program("hostile", ProgramType.KPROBE, 0, code, TestMaps.ALL, List.of()),
        RuleSet.KERNEL);
  }
}
