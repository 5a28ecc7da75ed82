package dev.whatif.core.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requires(Requirement.GXX)
class ScopesTest {

  /** gdb 13 shows these names in a backtrace of this program. */
  @ParameterizedTest
  @ValueSource(strings = {"-gdwarf-4", "-gdwarf-5"})
  void inlinedFunctionsWithoutLinkageNameAreQualified(String format) {
    Path program = Programs.compiled("scopes.cc", format, "-O2");
    Set<String> names = new TreeSet<>();
    try (ElfFile elf = ElfFile.open(program);
        DebugInfo info = DebugInfo.open(elf, null)) {
      SymbolTable symbols = SymbolTable.of(elf);
      for (int s = 0; s < symbols.count(); s++) {
        if (symbols.name(s).equals("_ZN5outer4workEi")) {
          for (long at = 0; at < symbols.size(s); at++) {
            info.at(symbols.address(s) + at).stream()
                .filter(SourcePosition::inlined)
                .forEach(p -> names.add(p.qualifiedName()));
          }
        }
      }
    }
    assertThat(names)
        .containsExactlyInAnyOrder(
            "outer::(anonymous namespace)::hidden",
            "outer::(anonymous namespace)::Local::twice<int>");
  }
}
