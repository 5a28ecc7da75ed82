package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.symbol.DebugFiles;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
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
      UnwindTables tables = new UnwindTables(1000, new DebugFiles(List.of(), null));
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

  /**
   * Built without unwind tables, then stripped: nothing but the debug file describes its frames.
   */
  @Test
  @Requires(Requirement.BINUTILS)
  void callFrameInformationOfASeparateDebugFileIsUsed() throws Exception {
    Path whole =
        Programs.compiled(
            "deep.c",
            "-O2",
            "-g",
            "-fno-asynchronous-unwind-tables",
            "-fno-unwind-tables",
            "-Wl,--build-id",
            "-lpthread");
    Path folder = Files.createTempDirectory(Programs.folder("unwind"), "separate");
    Path program = folder.resolve("separate");
    UnwindTable expected;
    String id;
    try (ElfFile elf = ElfFile.open(whole)) {
      expected = UnwindTable.of(elf);
      id = elf.buildId().orElseThrow().hex();
    }
    Path store = folder.resolve(".build-id/" + id.substring(0, 2));
    Path debug = Files.createDirectories(store).resolve(id.substring(2) + ".debug");
    Programs.run("objcopy", "--only-keep-debug", whole.toString(), debug.toString());
    Programs.run("strip", "--strip-all", "-o", program.toString(), whole.toString());
    try (StoppedProgram p = StoppedProgram.start(program)) {
      AddressSpace space = AddressSpace.of((int) p.pid());
      Mapping m =
          space.mappings().stream()
              .filter(x -> x.path().equals(program.toString()))
              .findFirst()
              .orElseThrow();
      UnwindTable without = table(space, m, List.of());
      UnwindTable with = table(space, m, List.of(folder));
      assertThat(without.functions()).isLessThan(expected.functions());
      assertThat(with.functions()).isEqualTo(expected.functions());
      assertThat(with.bytes().mismatch(expected.bytes())).isEqualTo(-1);
    }
  }

  private static UnwindTable table(AddressSpace space, Mapping m, List<Path> folders) {
    return new UnwindTables(1 << 20, new DebugFiles(folders, null)).table(space, m).orElseThrow();
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
