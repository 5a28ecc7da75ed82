package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are not where they were when they were started. */
@Requires({Requirement.GCC, Requirement.BINUTILS})
class MappedFileTest {

  @TempDir Path folder;
  private Path program;
  private long inner;

  @BeforeEach
  void copy() throws IOException {
    Path original = Programs.compiled("spin.c", "-O1");
    program = Files.copy(original, folder.resolve("moving"));
    String nm = Programs.run("nm", original.toString());
    inner =
        Long.parseLong(
            nm.lines().filter(l -> l.endsWith(" inner")).findFirst().orElseThrow().substring(0, 16),
            16);
  }

  private String nameOfInner(Symbolizer symbolizer, AddressSpace space) throws IOException {
    Mapping code =
        space.mappings().stream()
            .filter(m -> m.objectName().equals("moving"))
            .findFirst()
            .orElseThrow();
    try (ElfFile elf = ElfFile.open(Programs.compiled("spin.c", "-O1"))) {
      long pc = RunningProgram.runtimeAddress(elf, code, inner);
      SourceFrame frame = symbolizer.resolve(space, pc, true).getLast();
      assertThat(frame.object()).isEqualTo("moving");
      return frame.function();
    }
  }

  private static Symbolizer symbolizer() {
    return new Symbolizer(new DebugFiles(List.of(), null));
  }

  @Test
  void aDeletedProgramKeepsItsNamesWhileItRuns() throws Exception {
    try (RunningProgram running = RunningProgram.start(program);
        Symbolizer symbolizer = symbolizer()) {
      Files.delete(program);
      AddressSpace space = running.space();
      assertThat(space.mappings()).anyMatch(m -> m.path().endsWith("moving (deleted)"));
      assertThat(nameOfInner(symbolizer, space)).isEqualTo("inner");
    }
  }

  @Test
  void aReplacedProgramIsNotMistakenForTheNewOne() throws Exception {
    AddressSpace space;
    try (RunningProgram running = RunningProgram.start(program);
        Symbolizer symbolizer = symbolizer()) {
      space = running.space();
      Path other = folder.resolve("other");
      Files.copy(Programs.compiled("names.cc", "-g", "-O2"), other);
      Files.move(other, program, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      // the mapping was recorded before the replacement: its path looks alive
      assertThat(nameOfInner(symbolizer, space)).isEqualTo("inner");
    }
    try (Symbolizer symbolizer = symbolizer()) {
      assertThat(nameOfInner(symbolizer, space)).startsWith("[moving]+0x");
      nameOfInner(symbolizer, space);
      assertThat(symbolizer.missing()).hasSize(1);
      assertThat(symbolizer.missing().getFirst().sentence())
          .contains(program.toString(), "no longer the file that was mapped");
    }
  }

  @Test
  void aProgramKeepsItsNamesAfterItEnded() throws Exception {
    AddressSpace space;
    try (RunningProgram running = RunningProgram.start(program)) {
      space = running.space();
    }
    try (Symbolizer symbolizer = symbolizer()) {
      assertThat(nameOfInner(symbolizer, space)).isEqualTo("inner");
    }
  }

  @Test
  @Requires(Requirement.ROOT)
  void aProgramInAnotherMountNamespaceIsReadThere() throws Exception {
    Path mounted = Files.createDirectories(folder.resolve("mounted"));
    String script =
        "mount -t tmpfs none '%s' && cp '%s' '%s/moving' && exec '%s/moving'"
            .formatted(mounted, program, mounted, mounted);
    try (RunningProgram running =
            RunningProgram.startAs("moving", "unshare", "--mount", "sh", "-c", script);
        Symbolizer symbolizer = symbolizer()) {
      assertThat(mounted.resolve("moving")).doesNotExist();
      assertThat(nameOfInner(symbolizer, running.space())).isEqualTo("inner");
    }
  }

  @Test
  void aFileThatIsNoProgramIsSaidOnce() throws Exception {
    Path text = folder.resolve("moving.txt");
    Files.writeString(text, "x".repeat(10_000));
    AddressSpace space = GroundTruthTest.whole(text);
    try (Symbolizer symbolizer = symbolizer()) {
      long start = space.mappings().iterator().next().start();
      assertThat(symbolizer.resolve(space, start + 0x12, true))
          .containsExactly(
              new SourceFrame("[moving.txt]+0x12", "moving.txt", "", 0, FrameKind.NATIVE, 0));
      symbolizer.resolve(space, start + 0x13, true);
      assertThat(symbolizer.missing()).hasSize(1);
      assertThat(symbolizer.missing().getFirst().sentence()).contains("not an ELF file");
    }
  }

  @Test
  void aFileTruncatedWhileItIsReadCostsOnlyItsOwnNames() throws Exception {
    Path big = Files.copy(Programs.compiled("names.cc", "-g", "-O2"), folder.resolve("big"));
    AddressSpace space = GroundTruthTest.whole(big);
    try (ElfFile elf = ElfFile.open(big);
        Symbolizer symbolizer = symbolizer()) {
      long pc = GroundTruthTest.pcOf(elf, space, elf.entry());
      assertThat(symbolizer.resolve(space, pc, true).getLast().function()).isEqualTo("_start");
      try (var channel =
          java.nio.channels.FileChannel.open(big, java.nio.file.StandardOpenOption.WRITE)) {
        channel.truncate(64);
      }
      for (int i = 0; i < 3000; i += 3) {
        assertThat(symbolizer.resolve(space, pc + i, true)).isNotEmpty();
      }
    }
  }
}
