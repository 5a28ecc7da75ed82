package dev.whatif.ebpf.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlvmOracleTest {

  private static final Disassembler LLVM = Disassembler.of(Dialect.LLVM);

  @ParameterizedTest
  @CsvSource({"v1, ''", "v2, ''", "v3, ATOMICS", "v4, ATOMICS ATOMICS32 SIGNED"})
  @Requires({Requirement.CLANG_19, Requirement.LLVM_19})
  void whatClang19MakesReadsAsObjdump19SaysAndBack(String cpu, String parts) {
    Path object = LlvmTools.object(19, cpu, defines(parts));
    CpuVersion most = CpuVersion.valueOf(cpu.toUpperCase(Locale.ROOT));
    compare(LlvmTools.disassembled(19, object, "--mcpu=v4").values(), Dialect.LLVM, most);
  }

  @ParameterizedTest
  @CsvSource({"v1, ''", "v2, ''", "v3, ATOMICS"})
  @Requires({Requirement.CLANG_14, Requirement.LLVM_14})
  void whatClang14MakesReadsAsObjdump14SaysAndBack(String cpu, String parts) {
    Path object = LlvmTools.object(14, cpu, defines(parts));
    CpuVersion most = CpuVersion.valueOf(cpu.toUpperCase(Locale.ROOT));
    compare(LlvmTools.disassembled(14, object).values(), Dialect.LLVM_14, most);
  }

  private static String[] defines(String parts) {
    return Stream.of(parts.split(" "))
        .filter(p -> !p.isEmpty())
        .map(p -> "-D" + p)
        .toArray(String[]::new);
  }

  private static void compare(
      Iterable<List<LlvmTools.Line>> sections, Dialect dialect, CpuVersion most) {
    Disassembler disassembler = Disassembler.of(dialect);
    int compared = 0;
    CpuVersion needed = CpuVersion.V1;
    for (List<LlvmTools.Line> lines : sections) {
      for (LlvmTools.Line line : lines) {
        Instruction instruction = Instruction.at(line.code(), 0);
        String text = disassembler.text(instruction);
        assertThat(text).as("slot %d", line.slot()).isEqualTo(line.bareText());
        // The text of a call does not tell what is called.
        if (!(instruction instanceof Instruction.CallLocal)) {
          Code again = Assembler.assemble("objdump", line.text(), dialect);
          assertThat(again.bytes()).as(line.text()).isEqualTo(line.code());
        }
        needed = needed.or(instruction.needs());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(150);
    assertThat(needed).isEqualTo(most);
  }

  /** Our text of random instructions means the same to clang. */
  @Test
  @Requires({Requirement.CLANG_19, Requirement.LLVM_19})
  void clangAssemblesOurTextToOurBytesAndObjdumpReadsItAlike() {
    RandomSlots slots = new RandomSlots(19);
    List<Instruction> instructions = new ArrayList<>();
    Set<Class<?>> kinds = new HashSet<>();
    Set<AtomicOperator> atomics = EnumSet.noneOf(AtomicOperator.class);
    while (instructions.size() < 8_000) {
      Instruction instruction;
      try {
        instruction = Instruction.at(slots.next(), 0);
      } catch (BadDataException e) {
        continue;
      }
      if (clangCanWrite(instruction)) {
        instructions.add(instruction);
        kinds.add(instruction.getClass());
        if (instruction instanceof Instruction.Atomic atomic) {
          atomics.add(atomic.operator());
        }
      }
    }
    assertThat(kinds).hasSize(Instruction.class.getPermittedSubclasses().length - 2);
    assertThat(atomics).containsExactlyInAnyOrder(AtomicOperator.values());
    StringBuilder text = new StringBuilder();
    instructions.forEach(i -> text.append(LLVM.text(i)).append('\n'));
    byte[] ours = Instruction.encode(instructions);
    assertThat(LlvmTools.assembled("random", text.toString())).isEqualTo(ours);

    Path object = Programs.folder("isa").resolve("random.o");
    List<LlvmTools.Line> lines =
        LlvmTools.disassembled(19, object, "--mcpu=v4").values().iterator().next();
    assertThat(lines.stream().map(LlvmTools.Line::bareText))
        .isEqualTo(instructions.stream().map(LLVM::text).toList());
  }

  /** What LLVM's text has no words for. */
  private static boolean clangCanWrite(Instruction instruction) {
    return switch (instruction) {
      case Instruction.CallLocal _, Instruction.CallKernel _ -> false;
      case Instruction.LoadReference(_, _, _, int second) -> second == 0;
      case Instruction.LoadPacketIndirect(_, _, int offset) -> offset == 0;
      // Its assembler takes 16 bits; with a label it takes 32, as the next test does.
      case Instruction.Jump(boolean wide, int offset) -> !wide || offset == (short) offset;
      default -> true;
    };
  }

  /** The programs of the conformance suite, in LLVM's words, mean the same to clang. */
  @Test
  @Requires(Requirement.CLANG_19)
  void clangAssemblesTheConformanceProgramsToOurBytes() {
    StringBuilder text = new StringBuilder();
    List<Instruction> instructions = new ArrayList<>();
    SuiteCases.good()
        .forEach(test -> {
          Code code = test.assembled();
          String prefix = "c" + instructions.size() + "_";
          text.append(LLVM.program(code).replaceAll("\\bL([0-9]+)", prefix + "$1"));
          instructions.addAll(code.instructions());
        });
    assertThat(LlvmTools.assembled("conformance", text.toString()))
        .isEqualTo(Instruction.encode(instructions));
  }
}
