package dev.whatif.core.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SymbolAliasTest {

  private final SymbolTableBuilder builder = new SymbolTableBuilder();

  private void add(String name, long address, long size, int binding) {
    int table = builder.strings((name + "\0").getBytes(StandardCharsets.UTF_8));
    builder.add(address, size, 0x1000, binding, table, 0);
  }

  private String at(long address) {
    SymbolTable table = builder.build();
    int s = table.find(address);
    return s < 0 ? "none" : table.name(s);
  }

  @Test
  void aGlobalNameBeatsAWeakAndAWeakALocalOne() {
    add("__local", 0x100, 16, SymbolTableBuilder.LOCAL);
    assertThat(at(0x100)).isEqualTo("__local");
    add("weak", 0x100, 16, SymbolTableBuilder.WEAK);
    assertThat(at(0x100)).isEqualTo("weak");
    add("__global", 0x100, 16, SymbolTableBuilder.GLOBAL);
    add("_global", 0x100, 16, SymbolTableBuilder.GLOBAL);
    assertThat(at(0x10f)).isEqualTo("_global");
    assertThat(at(0x110)).isEqualTo("none");
  }

  @Test
  void aSymbolWithoutSizeReachesToTheNextOneOrTheEndOfItsSection() {
    add("first", 0x100, 0, SymbolTableBuilder.LOCAL);
    add("next", 0x200, 0, SymbolTableBuilder.LOCAL);
    assertThat(at(0x1ff)).isEqualTo("first");
    assertThat(at(0xfff)).isEqualTo("next");
    assertThat(at(0x1000)).isEqualTo("none");
  }

  @Test
  void versionsAreCut() {
    add("memcpy@@GLIBC_2.14", 0x100, 16, SymbolTableBuilder.GLOBAL);
    add("puts@plt", 0x200, 16, SymbolTableBuilder.LOCAL);
    assertThat(at(0x100)).isEqualTo("memcpy");
    assertThat(at(0x200)).isEqualTo("puts@plt");
  }

  /** The names that a C library keeps for old programs are not what anybody calls today. */
  @Test
  @Requires({Requirement.GCC, Requirement.BINUTILS})
  void aCurrentVersionBeatsAnOldOne() {
    Path library =
        Programs.compiled(
            "versions.c",
            "-shared",
            "-fPIC",
            "-O1",
            "-Wl,--version-script=" + Path.of("src", "test", "c", "versions.map").toAbsolutePath());
    Path stripped = Programs.folder("versions").resolve("versions");
    Programs.run("strip", "-s", "-o", stripped.toString(), library.toString());
    assertThat(Programs.run("readelf", "-W", "--dyn-syms", stripped.toString()))
        .contains("longer_release@V1", "release@@V2");
    for (Path file : new Path[] {library, stripped}) {
      try (ElfFile elf = ElfFile.open(file)) {
        SymbolTable table = SymbolTable.of(elf);
        assertThat(IntStream.range(0, table.count()).mapToObj(table::name))
            .as(file.toString())
            .contains("release")
            .doesNotContain("longer_release");
      }
    }
  }

  @Test
  @Requires({Requirement.GCC, Requirement.BINUTILS})
  void entriesOfLinkageTablesAreNamedAsObjdumpNamesThem() {
    int entries = 0;
    for (String[] flags :
        new String[][] {
          {"-O1"},
          {"-O1", "-Wl,-z,lazy"},
          {"-O1", "-Wl,-z,now"},
          {"-O1", "-fcf-protection=none", "-Wl,-z,lazy", "-no-pie"},
          {"-O1", "-fno-plt"},
          {"-O1", "-Wl,-z,ibtplt", "-Wl,-z,lazy"}
        }) {
      Path program = Programs.compiled("spin.c", flags);
      String objdump = Programs.run("objdump", "-d", "--no-show-raw-insn", program.toString());
      Matcher entry = Pattern.compile("(?m)^([0-9a-f]{16}) <([^>]+@plt)>:").matcher(objdump);
      try (ElfFile elf = ElfFile.open(program)) {
        SymbolTable table = SymbolTable.of(elf);
        while (entry.find()) {
          int s = table.find(Long.parseLong(entry.group(1), 16));
          assertThat(s).as("%s in %s", entry.group(), program).isNotNegative();
          assertThat(table.name(s)).isEqualTo(entry.group(2));
          entries++;
        }
      }
    }
    assertThat(entries).isGreaterThan(8);
  }

  @Test
  @Requires({Requirement.GCC, Requirement.BINUTILS})
  void damagedTablesAreErrorsThatNameTheFile() throws Exception {
    Path program = Programs.compiled("spin.c", "-O1", "-Wl,-z,lazy");
    byte[] good = Files.readAllBytes(program);
    Random random = new Random(4);
    int headers = (int) (Files.size(program) - 64 * 40);
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int k = 0; k < 1 + i % 6; k++) {
        int at =
            i % 2 == 0
                ? headers + random.nextInt(bad.length - headers)
                : random.nextInt(bad.length);
        bad[at] = (byte) random.nextInt();
      }
      try {
        ElfFile elf = ElfFile.of(MemorySegment.ofArray(bad), "bad.so");
        SymbolTable table = SymbolTable.of(elf);
        for (int s = 0; s < table.count(); s++) {
          assertThat(table.find(table.address(s))).isNotNegative();
          table.name(s);
        }
      } catch (BadDataException e) {
        assertThat(e).hasMessageContaining("bad.so");
      }
    }
  }
}
