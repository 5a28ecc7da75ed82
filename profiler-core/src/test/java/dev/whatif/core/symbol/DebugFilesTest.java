package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requires({Requirement.GCC, Requirement.BINUTILS})
class DebugFilesTest {

  private static final Path ROOT = Path.of("/");

  @TempDir Path folder;

  private Path stripped(String... flags) throws IOException {
    Path whole = Programs.compiled("spin.c", flags);
    Path program = folder.resolve("spin");
    Programs.run("objcopy", "--only-keep-debug", whole.toString(), debug().toString());
    Programs.run("objcopy", "--strip-all", whole.toString(), program.toString());
    return program;
  }

  private Path debug() {
    return folder.resolve("spin.debug");
  }

  private void link(Path program) {
    Programs.run("objcopy", "--add-gnu-debuglink=" + debug(), program.toString());
  }

  private Path move(Path to) throws IOException {
    Files.createDirectories(to.getParent());
    return Files.move(debug(), to, StandardCopyOption.REPLACE_EXISTING);
  }

  private Optional<String> found(DebugFiles search, Path program) {
    try (ElfFile elf = ElfFile.open(program)) {
      Optional<ElfFile> file = search.debugFileOf(elf, program, ROOT);
      file.ifPresent(ElfFile::close);
      return file.map(ElfFile::name);
    }
  }

  private static String id(Path program) {
    try (ElfFile elf = ElfFile.open(program)) {
      return elf.buildId().orElseThrow().hex();
    }
  }

  @Test
  void isFoundByBuildIdInAFolderAndInTheCacheOfDebuginfod() throws IOException {
    Path program = stripped("-g", "-O1", "-Wl,--build-id");
    String id = id(program);
    Path store = folder.resolve("store");
    DebugFiles search = new DebugFiles(List.of(store), folder.resolve("cache"));
    assertThat(found(search, program)).isEmpty();
    Path first =
        move(store.resolve(".build-id/" + id.substring(0, 2) + "/" + id.substring(2) + ".debug"));
    assertThat(found(search, program)).hasValue(first.toString());
    Path second = folder.resolve("cache/" + id + "/debuginfo");
    Files.createDirectories(second.getParent());
    Files.move(first, second);
    assertThat(found(search, program)).hasValue(second.toString());
  }

  @Test
  void aFileOfAnotherBuildIsRefused() throws IOException {
    Path program = stripped("-g", "-O1", "-Wl,--build-id");
    String id = id(program);
    Path other = Programs.compiled("spin.c", "-g", "-O2", "-Wl,--build-id");
    Path store = folder.resolve("store");
    Path place =
        store.resolve(".build-id/" + id.substring(0, 2) + "/" + id.substring(2) + ".debug");
    Files.createDirectories(place.getParent());
    Files.copy(other, place);
    assertThat(found(new DebugFiles(List.of(store), null), program)).isEmpty();
    // nor is the stripped program taken for its own debug file
    Files.copy(program, place, StandardCopyOption.REPLACE_EXISTING);
    assertThat(found(new DebugFiles(List.of(store), null), program)).isEmpty();
  }

  @Test
  void isFoundByItsLinkWithTheRightChecksumOnly() throws IOException {
    Path program = stripped("-g", "-O1", "-Wl,--build-id=none");
    link(program);
    DebugFiles search = new DebugFiles(List.of(folder.resolve("store")), null);
    assertThat(found(search, program)).hasValue(debug().toString());
    Path hidden = move(folder.resolve(".debug/spin.debug"));
    assertThat(found(search, program)).hasValue(hidden.toString());
    Path global = folder.resolve("store" + folder + "/spin.debug");
    Files.createDirectories(global.getParent());
    Files.move(hidden, global);
    assertThat(found(search, program)).hasValue(global.toString());
    byte[] damaged = Files.readAllBytes(global);
    damaged[damaged.length - 1] ^= 1;
    Files.write(global, damaged);
    assertThat(found(search, program)).isEmpty();
  }

  @Test
  void aStrippedProgramGetsItsNamesAndLinesFromTheDebugFile() throws IOException {
    Path program = stripped("-g", "-O1", "-Wl,--build-id");
    link(program);
    String debug = Programs.run("nm", debug().toString());
    long inner =
        Long.parseLong(
            debug
                .lines()
                .filter(l -> l.endsWith(" inner"))
                .findFirst()
                .orElseThrow()
                .substring(0, 16),
            16);
    try (ElfFile elf = ElfFile.open(program);
        Symbolizer with = new Symbolizer(new DebugFiles(List.of(), null))) {
      AddressSpace space = GroundTruthTest.whole(program);
      SourceFrame frame =
          with.resolve(space, GroundTruthTest.pcOf(elf, space, inner + 1), true).getLast();
      assertThat(frame.function()).isEqualTo("inner");
      assertThat(frame.file()).endsWith("/src/test/c/spin.c");
      assertThat(frame.line()).isBetween(6, 10);
      assertThat(with.missing()).isEmpty();
    }
    Files.delete(debug());
    try (ElfFile elf = ElfFile.open(program);
        Symbolizer without = new Symbolizer(new DebugFiles(List.of(), null))) {
      AddressSpace space = GroundTruthTest.whole(program);
      long pc = GroundTruthTest.pcOf(elf, space, inner + 1);
      SourceFrame frame = without.resolve(space, pc, true).getLast();
      assertThat(frame.function()).isEqualTo("[spin]+0x" + Long.toHexString(inner));
      assertThat(frame.offset()).isEqualTo(1);
      without.resolve(space, pc + 1, true);
      assertThat(without.missing()).hasSize(1);
      assertThat(without.missing().getFirst().sentence()).contains(program.toString(), "no ");
    }
  }

  @Test
  void theSharedFileOfDwzIsFoundByItsBuildId() throws IOException {
    Path program = Programs.compiled("spin.c", "-g", "-O1", "-Wl,--build-id");
    Path shared = Programs.compiled("spin.c", "-g", "-O3", "-Wl,--build-id");
    String id = id(shared);
    Path section = folder.resolve("altlink");
    byte[] name = "../gone/shared.debug\0".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] idBytes = HexFormat.of().parseHex(id);
    byte[] both = java.util.Arrays.copyOf(name, name.length + idBytes.length);
    System.arraycopy(idBytes, 0, both, name.length, idBytes.length);
    Files.write(section, both);
    Path linked = folder.resolve("linked");
    Programs.run(
        "objcopy",
        "--add-section",
        ".gnu_debugaltlink=" + section,
        program.toString(),
        linked.toString());
    Path store = folder.resolve("store");
    DebugFiles search = new DebugFiles(List.of(store), null);
    try (ElfFile elf = ElfFile.open(linked)) {
      assertThat(elf.section(".gnu_debugaltlink").map(Section::size)).hasValue((long) both.length);
      assertThat(search.supplementaryOf(elf, linked)).isEmpty();
      Path dwz = store.resolve(".dwz/" + "shared.debug");
      Files.createDirectories(dwz.getParent());
      Files.copy(program, dwz); // another build
      assertThat(search.supplementaryOf(elf, linked)).isEmpty();
      Files.copy(shared, dwz, StandardCopyOption.REPLACE_EXISTING);
      try (ElfFile found = search.supplementaryOf(elf, linked).orElseThrow()) {
        assertThat(found.name()).isEqualTo(dwz.toString());
      }
    }
  }
}
