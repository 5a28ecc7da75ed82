package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.BINUTILS})
class UnwindTableTest {

  /** Every row of every function, as readelf interprets them, in both directions. */
  @Test
  void theRowsAreThoseOfReadelf() {
    for (Path file :
        new Path[] {
          Programs.compiled("spin.c", "-g", "-O2"),
          Programs.compiled("spin.c", "-g", "-O1", "-fno-asynchronous-unwind-tables"),
          Path.of("/lib/x86_64-linux-gnu/libc.so.6")
        }) {
      ReadelfRows truth = ReadelfRows.of(file);
      try (ElfFile elf = ElfFile.open(file)) {
        UnwindTable table = UnwindTable.of(elf);
        assertThat(truth.differences(table)).as(file.toString()).isEmpty();
        assertThat(table.damagedFunctions()).isZero();
      }
    }
  }
}
