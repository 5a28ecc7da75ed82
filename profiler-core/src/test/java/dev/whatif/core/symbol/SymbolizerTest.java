package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.BINUTILS})
class SymbolizerTest {

  @Test
  void functionsOfARunningProgramHaveTheirNames() throws Exception {
    Path program = Programs.compiled("spin.c", "-O1");
    try (ElfFile elf = ElfFile.open(program);
        RunningProgram running = RunningProgram.start(program);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard())) {
      SymbolTable table = SymbolTable.of(elf);
      AddressSpace space = running.space();
      for (int s = 0; s < table.count(); s++) {
        Mapping code = running.codeOf(program);
        long pc = RunningProgram.runtimeAddress(elf, code, table.address(s));
        if (!code.contains(pc)) {
          continue;
        }
        List<SourceFrame> frames = symbolizer.resolve(space, pc + 1, false);
        assertThat(frames).hasSize(1);
        assertThat(frames.getFirst())
            .isEqualTo(new SourceFrame(table.name(s), "spin", "", 0, FrameKind.NATIVE, 1));
        assertThat(symbolizer.resolve(space, pc + 1, false)).isSameAs(frames);
      }
    }
  }

  @Test
  void unknownAddressesAreShownAsAddresses() throws Exception {
    try (Symbolizer symbolizer = new Symbolizer(DebugFiles.standard())) {
      assertThat(symbolizer.resolve(new AddressSpace(1), 0x1234, true))
          .containsExactly(new SourceFrame("0x1234", "[unknown]", "", 0, FrameKind.NATIVE, 0));
    }
  }

  @Test
  void manyThreadsGetTheSameAnswers() throws Exception {
    Path program = Programs.compiled("names.cc", "-g", "-O2");
    try (ElfFile elf = ElfFile.open(program);
        Symbolizer alone = new Symbolizer(new DebugFiles(List.of(), null));
        Symbolizer shared = new Symbolizer(new DebugFiles(List.of(), null))) {
      AddressSpace space = GroundTruthTest.whole(program);
      SymbolTable table = SymbolTable.of(elf);
      List<Long> addresses = new ArrayList<>();
      for (int s = 0; s < table.count(); s++) {
        for (long a = 0; a < table.size(s); a += 3) {
          addresses.add(GroundTruthTest.pcOf(elf, space, table.address(s) + a));
        }
      }
      List<List<SourceFrame>> expected =
          addresses.stream().map(a -> alone.resolve(space, a, true)).toList();
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Future<List<List<SourceFrame>>>> answers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          AddressSpace own = GroundTruthTest.whole(program);
          answers.add(
              threads.submit(
                  () -> addresses.stream().map(a -> shared.resolve(own, a, true)).toList()));
        }
        for (Future<List<List<SourceFrame>>> answer : answers) {
          assertThat(answer.get()).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void cppFunctionsAndInlinedOnesAreToldApart() throws Exception {
    Path program = Programs.compiled("names.cc", "-g", "-O2");
    try (ElfFile elf = ElfFile.open(program);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard())) {
      AddressSpace space = GroundTruthTest.whole(program);
      SymbolTable table = SymbolTable.of(elf);
      Set<FrameKind> kinds = new HashSet<>();
      Set<String> inlined = new HashSet<>();
      for (int s = 0; s < table.count(); s++) {
        for (long a = 0; a < table.size(s); a++) {
          long pc = GroundTruthTest.pcOf(elf, space, table.address(s) + a);
          List<SourceFrame> frames = symbolizer.resolve(space, pc, true);
          SourceFrame physical = frames.getLast();
          kinds.add(physical.kind());
          assertThat(physical.kind() == FrameKind.CPP)
              .as(physical.function())
              .isEqualTo(table.name(s).startsWith("_Z"));
          for (SourceFrame f : frames.subList(0, frames.size() - 1)) {
            assertThat(f.kind()).isEqualTo(FrameKind.INLINED);
            assertThat(f.offset()).isEqualTo(physical.offset()).isEqualTo((int) a);
            inlined.add(f.function());
          }
        }
      }
      assertThat(kinds).containsExactlyInAnyOrder(FrameKind.CPP, FrameKind.NATIVE);
      assertThat(inlined).contains("outer::Ring<long, 8>::put(int, long)");
    }
  }
}
