package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@Requires(Requirement.GCC)
class UnwindTablesTest {

  private static Path program() {
    return Programs.compiled("spin.c", "-O2");
  }

  @Test
  void everythingMappedByAProcessHasATableTheVdsoToo() throws Exception {
    try (StoppedProgram p = StoppedProgram.start(program())) {
      AddressSpace space = AddressSpace.of((int) p.pid());
      UnwindTables tables = new UnwindTables();
      tables.prepare(space);
      assertThat(tables.failures()).isEmpty();
      for (Mapping m : space.mappings()) {
        if (m.isFile() || m.path().equals("[vdso]")) {
          assertThat(tables.table(space, m).orElseThrow().rows()).as(m.path()).isPositive();
        }
      }
      long before = tables.byteSize();
      tables.prepare(space);
      assertThat(tables.byteSize()).isEqualTo(before);
    }
  }

  @Test
  @Requires(Requirement.ROOT)
  void aDeletedProgramIsReadThroughMapFiles() throws Exception {
    Path copy = Programs.folder("unwind").resolve("deleted");
    Files.copy(program(), copy, StandardCopyOption.REPLACE_EXISTING);
    try (StoppedProgram p = StoppedProgram.start(copy)) {
      Files.delete(copy);
      AddressSpace space = AddressSpace.of((int) p.pid());
      Mapping m =
          space.mappings().stream()
              .filter(x -> x.path().endsWith("deleted (deleted)"))
              .findFirst()
              .orElseThrow();
      assertThat(new UnwindTables().table(space, m).orElseThrow().rows()).isPositive();
    }
  }

  @Test
  void anotherFileUnderTheSameNameIsNotUsed() throws IOException {
    AddressSpace space = new AddressSpace((int) ProcessHandle.current().pid());
    Mapping other = new Mapping(0x1000, 0x2000, 0, program().toString(), "00:00", 1, true);
    UnwindTables tables = new UnwindTables();
    assertThat(tables.table(space, other)).isEmpty();
    assertThat(tables.failures()).containsKey(program().toString());
  }

  @Test
  void memoryIsBounded() throws Exception {
    try (StoppedProgram p = StoppedProgram.start(program())) {
      AddressSpace space = AddressSpace.of((int) p.pid());
      UnwindTables tables = new UnwindTables(1000, elf -> Optional.empty());
      int generation = tables.generation();
      tables.prepare(space);
      assertThat(tables.generation()).isNotEqualTo(generation);
      long largest = 0;
      for (Mapping m : space.mappings()) {
        largest = Math.max(largest, tables.table(space, m).map(UnwindTable::byteSize).orElse(0L));
      }
      assertThat(tables.byteSize()).isLessThanOrEqualTo(largest);
    }
  }

  @Test
  void withoutSectionHeadersTheTableIsTheSame() throws IOException {
    byte[] bytes = Files.readAllBytes(program());
    UnwindTable whole = UnwindTable.of(ElfFile.of(MemorySegment.ofArray(bytes), "whole"));
    // e_shoff, e_shnum, e_shstrndx (System V ABI, chapter 4).
    MemorySegment header = MemorySegment.ofArray(bytes);
    header.set(ValueLayout.JAVA_LONG_UNALIGNED, 40, 0);
    header.set(ValueLayout.JAVA_INT_UNALIGNED, 60, 0);
    ElfFile bare = ElfFile.of(MemorySegment.ofArray(bytes), "bare");
    assertThat(bare.sections()).isEmpty();
    UnwindTable table = UnwindTable.of(bare);
    assertThat(table.bytes().mismatch(whole.bytes())).isEqualTo(-1);
    assertThat(table.damagedFunctions()).isZero();
  }
}
