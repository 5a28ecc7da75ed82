package dev.whatif.core.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same code with its debug information written or kept in another way has the same answers at
 * every address: those of the plain program, which {@link DebugInfoTest} compares with addr2line
 * (whose version 2.40 does not read several of these ways itself).
 */
@Requires({Requirement.GCC, Requirement.GXX, Requirement.BINUTILS})
class SameCodeTest {

  private static final String PLAIN = "g++ inlines.cc -O2 -gdwarf-5";

  @ParameterizedTest
  @ValueSource(strings = {"-gdwarf64", "-fdebug-types-section", "-gz", "-gdwarf-4"})
  void otherFormats(String flag) {
    assertSame(DebugInfoTest.compiled(PLAIN + " " + flag), null);
  }

  @Test
  void separateDebugFile() throws Exception {
    Path debug = fresh("separate").resolve("program.debug");
    Programs.run("objcopy", "--only-keep-debug", plain().toString(), debug.toString());
    assertSame(debug, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-gdwarf-4", "-gdwarf-5"})
  void splitUnits(String version) throws Exception {
    Path folder = fresh("split" + version);
    Path program = split(folder, version);
    assertSame(program, null);
  }

  @Test
  void packageOfSplitUnitsOfDwarf4() throws Exception {
    // The dwp of binutils 2.40 writes packages of DWARF 4 only.
    Path folder = fresh("package4");
    Path program = split(folder, "-gdwarf-4");
    Programs.run("dwp", "-e", program.toString(), "-o", program + ".dwp");
    Files.delete(folder.resolve("unit.dwo"));
    assertSame(program, null);
  }

  @Test
  @Requires(Requirement.LLVM)
  void packageOfSplitUnitsOfDwarf5() throws Exception {
    Path folder = fresh("package5");
    Path program = split(folder, "-gdwarf-5");
    Programs.run("llvm-dwp", folder.resolve("unit.dwo").toString(), "-o", program + ".dwp");
    Files.delete(folder.resolve("unit.dwo"));
    assertSame(program, null);
  }

  @Test
  void withoutItsSplitUnitsAProgramHasLinesOnly() throws Exception {
    Path folder = fresh("lost");
    Path program = split(folder, "-gdwarf-5");
    Files.delete(folder.resolve("unit.dwo"));
    try (ElfFile elf = ElfFile.open(program);
        ElfFile whole = ElfFile.open(plain());
        DebugInfo info = DebugInfo.open(elf, null);
        DebugInfo full = DebugInfo.open(whole, null)) {
      int lines = 0;
      for (long a : addresses(elf)) {
        for (SourcePosition p : info.at(a)) {
          SourcePosition innermost = full.at(a).getFirst();
          assertThat(p)
              .isEqualTo(
                  new SourcePosition("", "", null, innermost.file(), innermost.line(), false));
          lines++;
        }
      }
      assertThat(lines).isGreaterThan(1000);
      assertThat(info.damage()).isEmpty();
    }
  }

  @Test
  @Requires(Requirement.DWZ)
  void supplementaryFile() throws Exception {
    Path folder = fresh("dwz");
    Path one = Files.copy(plain(), folder.resolve("one"));
    Path two = Files.copy(plain(), folder.resolve("two"));
    Path common = folder.resolve("common");
    Programs.run("dwz", "-m", common.toString(), one.toString(), two.toString());
    assertSame(one, common);
    try (ElfFile elf = ElfFile.open(one);
        ElfFile other = ElfFile.open(common);
        DebugInfo info = DebugInfo.open(elf, null)) {
      AltLink link = AltLink.of(elf).orElseThrow();
      assertThat(other.buildId()).contains(link.buildId());
      assertThat(info.altLink()).contains(link.path());
      assertThat(addresses(elf).stream().map(info::at).filter(p -> !p.isEmpty())).isNotEmpty();
    }
  }

  private static void assertSame(Path program, @Nullable Path supplementary) {
    try (ElfFile whole = ElfFile.open(plain());
        ElfFile elf = ElfFile.open(program);
        ElfFile other = supplementary == null ? null : ElfFile.open(supplementary);
        DebugInfo expected = DebugInfo.open(whole, null);
        DebugInfo info = DebugInfo.open(elf, other)) {
      assertThat(code(whole)).as("code").hasSameSizeAs(code(plainOr(elf, whole)));
      int known = 0;
      for (long a : addresses(whole)) {
        assertThat(info.at(a)).as("0x%x in %s", a, program).isEqualTo(expected.at(a));
        assertThat(info.function(a)).isEqualTo(expected.function(a));
        known += info.at(a).size();
      }
      assertThat(known).isGreaterThan(5000);
      assertThat(info.damage()).isEmpty();
    }
  }

  /** A debug file has no code of its own to compare. */
  private static ElfFile plainOr(ElfFile elf, ElfFile whole) {
    return elf.section(".text").isPresent() ? elf : whole;
  }

  private static byte[] code(ElfFile elf) {
    return elf.bytes(elf.section(".text").orElseThrow()).toArray(ValueLayout.JAVA_BYTE);
  }

  private static List<Long> addresses(ElfFile elf) {
    Section text = elf.section(".text").orElseThrow();
    List<Long> result = new ArrayList<>();
    for (long a = text.address(); a < text.address() + text.size(); a += 3) {
      result.add(a);
    }
    return result;
  }

  private static Path plain() {
    return DebugInfoTest.compiled(PLAIN);
  }

  private static Path split(Path folder, String version) {
    Path object = folder.resolve("unit.o");
    Path program = folder.resolve("program");
    String source = Path.of("src", "test", "c", "inlines.cc").toAbsolutePath().toString();
    Programs.run("g++", "-O2", version, "-gsplit-dwarf", "-c", source, "-o", object.toString());
    Programs.run("g++", object.toString(), "-o", program.toString());
    return program;
  }

  private static Path fresh(String name) throws IOException {
    Path folder = Programs.folder("dwarf-" + name);
    try (var old = Files.list(folder)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    return folder;
  }
}
