package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.List;
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
}
