package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.testing.Programs;
import dev.whatif.testing.RedisServer;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every row of every function, as readelf interprets it, and no other. */
@Requires({Requirement.GCC, Requirement.BINUTILS})
class UnwindTableTest {

  private static final Path LIBRARIES = Path.of("/lib/x86_64-linux-gnu");

  private static final String USUAL =
      "ld-linux-x86-64.so.2,libm.so.6,libgcc_s.so.1,libstdc++.so.6,libcrypto.so.3,libssl.so.3";

  @Test
  void theRowsOfProgramsAreThoseOfReadelf() {
    same(Programs.compiled("spin.c", "-g", "-O2"));
    same(Programs.compiled("spin.c", "-O1", "-static"));
    same(Programs.compiled("spin.c", "-g", "-O1", "-fno-asynchronous-unwind-tables"));
  }

  @Test
  void theRowsOfTheCLibraryAreThoseOfReadelf() {
    same(LIBRARIES.resolve("libc.so.6"));
  }

  @Test
  @Tag("long")
  void theRowsOfRedisAreThoseOfReadelf() {
    same(RedisServer.program());
  }

  /** Hand-written assembly (libcrypto), realigned stacks, C++, the dynamic linker's resolver. */
  @Test
  @Tag("long")
  void theRowsOfLibrariesAreThoseOfReadelf() {
    Stream.of(System.getProperty("whatif.libraries", USUAL).split(","))
        .map(LIBRARIES::resolve)
        .filter(f -> Files.isRegularFile(f) && f.toFile().length() > 0)
        .forEach(UnwindTableTest::same);
  }

  private static void same(Path file) {
    ReadelfRows truth = ReadelfRows.of(file);
    try (ElfFile elf = ElfFile.open(file)) {
      UnwindTable table = UnwindTable.of(elf);
      System.out.printf(
          "%s: %d rows of readelf, %d rows and %d rules here, %d bytes, %d left to expressions%n",
          file.getFileName(),
          truth.count(),
          table.rows(),
          table.rules(),
          table.byteSize(),
          expressionRows(table));
      assertThat(truth.differences(table)).as(file.toString()).isEmpty();
      assertThat(table.damagedFunctions()).as(table.firstDamage().toString()).isZero();
    }
  }

  private static long expressionRows(UnwindTable table) {
    long n = 0;
    for (int i = 0; i < table.rows(); i++) {
      if (table.cfaKind(table.rowRule(i)) == UnwindTableLayout.CFA_EXPRESSION) {
        n++;
      }
    }
    return n;
  }
}
