package dev.whatif.core.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requires({Requirement.GCC, Requirement.BINUTILS, Requirement.XZ})
class MiniDebugInfoTest {

  @TempDir Path folder;

  /** A stripped program with a packed symbol table, made as rpm's find-debuginfo.sh makes it. */
  private Path program() {
    Path whole = Programs.compiled("spin.c", "-g", "-O1");
    Path result = folder.resolve("mini");
    Programs.run(
        "sh",
        "-ec",
        """
        cd '%s'
        nm -D '%s' --format=posix --defined-only | awk '{ print $1 }' | sort > dynsyms
        nm '%s' --format=posix --defined-only |
          awk '{ if ($2 == "T" || $2 == "t" || $2 == "D") print $1 }' | sort > funcsyms
        comm -13 dynsyms funcsyms > keep
        objcopy --only-keep-debug '%s' debug
        objcopy -S --remove-section .gdb_index --remove-section .comment --keep-symbols=keep debug small
        xz -k -f small
        strip -s -o mini '%s'
        objcopy --add-section .gnu_debugdata=small.xz mini
        """
            .formatted(folder, whole, whole, whole, whole));
    return result;
  }

  @Test
  void itsFunctionsAreThoseOfTheUnstrippedProgram() {
    Path mini = program();
    String nm = Programs.run("nm", Programs.compiled("spin.c", "-g", "-O1").toString());
    try (ElfFile elf = ElfFile.open(mini)) {
      assertThat(elf.section(".symtab")).isEmpty();
      SymbolTable table = SymbolTable.of(elf);
      for (String function : new String[] {"main", "inner", "outer"}) {
        String line =
            nm.lines().filter(l -> l.endsWith(" T " + function)).findFirst().orElseThrow();
        int s = table.find(Long.parseLong(line.substring(0, 16), 16));
        assertThat(table.name(s)).isEqualTo(function);
      }
    }
  }

  @Test
  void damagedOrExplodingDataAreRefused() throws IOException {
    Path mini = program();
    byte[] good = Files.readAllBytes(mini);
    long begin;
    long size;
    try (ElfFile elf = ElfFile.open(mini)) {
      Section s = elf.section(".gnu_debugdata").orElseThrow();
      begin = s.offset();
      size = s.size();
    }
    Random random = new Random(2);
    for (int i = 0; i < 100; i++) {
      byte[] bad = good.clone();
      bad[(int) (begin + random.nextLong(size))] ^= (byte) (1 + random.nextInt(255));
      try {
        SymbolTable.of(ElfFile.of(MemorySegment.ofArray(bad), "bad"));
      } catch (BadDataException e) {
        assertThat(e).hasMessageContaining("bad: .gnu_debugdata");
      }
    }
    Path bomb = folder.resolve("bomb");
    Programs.run(
        "sh",
        "-ec",
        "cd '%s'; head -c 130M /dev/zero | xz -0 > bomb.xz; objcopy --remove-section .gnu_debugdata mini plain; objcopy --add-section .gnu_debugdata=bomb.xz plain bomb"
            .formatted(folder));
    try (ElfFile elf = ElfFile.open(bomb)) {
      assertThatThrownBy(() -> SymbolTable.of(elf))
          .isInstanceOf(BadDataException.class)
          .hasMessageContaining("unpacks to more than");
    }
  }
}
