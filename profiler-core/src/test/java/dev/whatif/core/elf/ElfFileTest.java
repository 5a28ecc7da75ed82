package dev.whatif.core.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.BINUTILS})
class ElfFileTest {

  private static Path program() {
    return Programs.compiled("spin.c", "-g", "-O1", "-Wl,--build-id", "-gz");
  }

  @Test
  void sectionsAndBuildIdAreThoseOfReadelf() {
    String readelf = Programs.run("readelf", "-SWn", program().toString());
    try (ElfFile elf = ElfFile.open(program())) {
      assertThat(readelf).contains("Build ID: " + elf.buildId().orElseThrow());
      for (Section s : elf.sections()) {
        if (!s.name().isEmpty()) {
          assertThat(readelf)
              .containsPattern(
                  "\\] %s +\\S+ +%016x %06x %06x"
                      .formatted(s.name().replace(".", "\\."), s.address(), s.offset(), s.size()));
        }
      }
    }
  }

  @Test
  void compressedSectionsUnpackToWhatObjcopyUnpacks() {
    Path plain = Programs.folder("elf").resolve("plain");
    Programs.run("objcopy", "--decompress-debug-sections", program().toString(), plain.toString());
    try (ElfFile packed = ElfFile.open(program());
        ElfFile unpacked = ElfFile.open(plain)) {
      Section a = packed.section(".debug_info").orElseThrow();
      Section b = unpacked.section(".debug_info").orElseThrow();
      assertThat(a.flags() & Section.SHF_COMPRESSED).isNotZero();
      assertThat(packed.bytes(a).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(unpacked.bytes(b).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void damageIsAnErrorThatNamesTheFileAndNeverAnythingElse() throws Exception {
    byte[] good = Files.readAllBytes(program());
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      byte[] bad = good.clone();
      // Headers first: that is where a byte matters most.
      int headers = i % 2 == 0 ? 64 : bad.length;
      for (int k = 0; k < 1 + i % 5; k++) {
        bad[random.nextInt(headers)] = (byte) random.nextInt();
      }
      MemorySegment image =
          MemorySegment.ofArray(bad)
              .asSlice(0, i % 3 == 0 ? random.nextInt(bad.length) : bad.length);
      try {
        ElfFile elf = ElfFile.of(image, "bad.so");
        elf.buildId();
        for (Section s : elf.sections()) {
          elf.bytes(s);
        }
      } catch (BadDataException e) {
        assertThat(e).hasMessageContaining("bad.so");
      }
    }
  }

  @Test
  void otherFilesAreRefused() throws Exception {
    Path text = Programs.folder("elf").resolve("text");
    Files.writeString(text, "#!/bin/sh\n".repeat(20));
    assertThatThrownBy(() -> ElfFile.open(text))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("not an ELF");
    assertThatThrownBy(() -> ElfFile.open(Path.of("/"))).isInstanceOf(BadDataException.class);
  }
}
