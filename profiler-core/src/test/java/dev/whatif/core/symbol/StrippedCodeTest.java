package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Functions of a stripped program are told apart by where they begin. */
@Requires({Requirement.GCC, Requirement.BINUTILS})
class StrippedCodeTest {

  /** The truth is the symbol table of the same program before it was stripped. */
  @Test
  void everyAddressOfAFunctionIsCalledByItsBeginning() throws Exception {
    Path named = Programs.compiled("spin.c", "-O1", "-Wl,--build-id=none");
    Path stripped = Programs.folder("stripped").resolve("spin");
    Programs.run("strip", "-s", "-o", stripped.toString(), named.toString());
    try (ElfFile before = ElfFile.open(named);
        ElfFile after = ElfFile.open(stripped);
        Symbolizer symbolizer = new Symbolizer(new DebugFiles(List.of(), null))) {
      SymbolTable table = SymbolTable.of(before);
      Map<String, Integer> symbols =
          IntStream.range(0, table.count()).boxed().collect(Collectors.toMap(table::name, s -> s));
      AddressSpace space = GroundTruthTest.whole(stripped);
      for (String function : List.of("main", "outer", "inner")) {
        int symbol = symbols.get(function);
        long start = table.address(symbol);
        for (int into = 0; into < table.size(symbol); into++) {
          long pc = GroundTruthTest.pcOf(after, space, start + into);
          assertThat(symbolizer.resolve(space, pc, true))
              .containsExactly(
                  new SourceFrame(
                      "[spin]+0x" + Long.toHexString(start),
                      "spin",
                      "",
                      0,
                      FrameKind.NATIVE,
                      into));
        }
      }
      long entry = GroundTruthTest.pcOf(after, space, after.entry());
      assertThat(symbolizer.resolve(space, entry + 4, true).getFirst().function())
          .isEqualTo("_start");
    }
  }
}
