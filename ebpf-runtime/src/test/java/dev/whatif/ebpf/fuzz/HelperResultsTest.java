package dev.whatif.ebpf.fuzz;

import static dev.whatif.ebpf.isa.Register.R0;
import static dev.whatif.ebpf.isa.Register.R1;
import static dev.whatif.ebpf.isa.Register.R10;
import static dev.whatif.ebpf.isa.Register.R2;
import static dev.whatif.ebpf.isa.Register.R3;
import static dev.whatif.ebpf.isa.Register.R4;
import static dev.whatif.ebpf.isa.Register.R5;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.Verifier;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What helpers did otherwise than the kernel's, as random programs have shown. */
class HelperResultsTest {

  private static Outcome run(Consumer<CodeBuilder> writer) {
    Program program =
        new Program("helper", ProgramType.XDP, 0, Code.build(writer), FuzzMaps.ALL, List.of());
    try (ProcessRuns process = new ProcessRuns()) {
      return process.interpret(
          Verifier.verify(program, RuleSet.KERNEL), new byte[ProgramGenerator.PACKET_BYTES]);
    }
  }

  private static void parse(CodeBuilder b, int base) {
    b.store(MemorySize.DOUBLE, R10, -8, 'z' << 16 | 'x' << 8 | '0');
    b.store(MemorySize.DOUBLE, R10, -16, 5);
    b.move(R1, R10).alu(AluOperator.ADD, R1, -8).move(R2, 8).move(R3, base);
    b.move(R4, R10).alu(AluOperator.ADD, R4, -16).callHelper(HelperFunction.STRTOL.id());
  }

  /** lib/kstrtox.c skips "0x" where the base is 16, whatever follows. */
  @Test
  void hexadecimalMarkNeedsDigitsWhenTheBaseIsSaid() {
    assertThat(
            run(
                    b -> {
                      parse(b, 16);
                      b.exit();
                    })
                .returned())
        .isEqualTo(-Errno.EINVAL.value());
    assertThat(
            run(
                    b -> {
                      parse(b, 0);
                      b.exit();
                    })
                .returned())
        .isEqualTo(1);
  }

  @Test
  void whatCannotBeParsedIsZero() {
    assertThat(
            run(
                    b -> {
                      parse(b, 16);
                      b.load(MemorySize.DOUBLE, R0, R10, -16).exit();
                    })
                .returned())
        .isZero();
  }

  /** Six bytes: a word and a half, folded to 16 bits. */
  @Test
  void checksumsHave16BitsAndAnyLength() {
    long sum =
        run(
                b -> {
                  b.store(MemorySize.DOUBLE, R10, -8, 0x7001_fff0).move(R1, 0).move(R2, 0);
                  b.store(MemorySize.WORD, R10, -4, 0x1234_0011);
                  b.move(R3, R10).alu(AluOperator.ADD, R3, -8).move(R4, 6).move(R5, 0x1000);
                  b.callHelper(HelperFunction.CSUM_DIFF.id()).exit();
                })
            .returned();
    assertThat(sum).isEqualTo((0xfff0 + 0x7001 + 0x11 + 0x1000) % 0xffff);
  }

  @Test
  void ringRecordsCanBeWrittenToInPlace() {
    Outcome outcome =
        run(b -> {
          Label full = b.label("full");
          b.add(new Instruction.LoadReference(R1, ReferenceKind.MAP_INDEX, FuzzMaps.RING, 0));
          b.move(R2, 8).move(R3, 0).callHelper(HelperFunction.RINGBUF_RESERVE.id());
          b.branch(Condition.EQUAL, R0, 0, full).store(MemorySize.DOUBLE, R0, 0, 77);
          b.move(R1, R0).move(R2, 0).callHelper(HelperFunction.RINGBUF_SUBMIT.id());
          b.bind(full).move(R0, 0).exit();
        });
    assertThat(outcome.maps().getLast()).containsExactly(77, 0, 0, 0, 0, 0, 0, 0);
  }
}
