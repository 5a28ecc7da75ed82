package dev.whatif.core.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Static probes are those that readelf prints. */
@Requires({Requirement.GCC, Requirement.BINUTILS})
class StaticProbeTest {

  private static final Pattern NOTE =
      Pattern.compile(
          "Provider: (.*)\\s+Name: (.*)\\s+Location: 0x(\\p{XDigit}+), Base: 0x\\p{XDigit}+,"
              + " Semaphore: 0x(\\p{XDigit}+)\\s+Arguments: ?(.*)");

  @ParameterizedTest
  @ValueSource(strings = {"-O2", "-O2 -no-pie", "-O0 -g"})
  void ofAProgram(String flags) {
    Path program = Programs.compiled("probes.c", flags.split(" "));
    assertThat(probes(program))
        .isEqualTo(truth(program))
        .hasSize(3)
        .extracting(StaticProbe::name)
        .containsOnly("sale", "closed");
    assertThat(probes(program)).filteredOn(p -> p.semaphore() != 0).hasSize(2);
  }

  /** Debian builds it with probes. */
  @Test
  @Requires(Requirement.GXX)
  void ofTheCxxLibrary() {
    Path library = Path.of("/usr/lib/x86_64-linux-gnu/libstdc++.so.6");
    assertThat(probes(library)).isEqualTo(truth(library)).isNotEmpty();
  }

  @Test
  void surviveStripping() {
    Path program = Programs.compiled("probes.c", "-O2");
    Path stripped = Programs.folder("places").resolve("probes-stripped");
    Programs.run("strip", "-s", "-o", stripped.toString(), program.toString());
    assertThat(probes(stripped)).isEqualTo(probes(program));
  }

  /** What prelink does: sections move, the numbers in notes stay as they were linked. */
  @Test
  void moveWithTheirBase() throws IOException {
    Path program = Programs.compiled("probes.c", "-O2");
    byte[] image = Files.readAllBytes(program);
    int moved = 0;
    ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    try (ElfFile elf = ElfFile.open(program)) {
      Section notes = elf.section(".note.stapsdt").orElseThrow();
      for (int at = (int) notes.offset(); at < notes.offset() + notes.size(); moved++) {
        int descriptor = at + 12 + 8;
        for (int number = 0; number < 3; number++) {
          int field = descriptor + 8 * number;
          if (bytes.getLong(field) != 0) {
            bytes.putLong(field, bytes.getLong(field) - 0x10000);
          }
        }
        at = descriptor + (bytes.getInt(at + 4) + 3 & ~3);
      }
    }
    assertThat(moved).isEqualTo(3);
    assertThat(StaticProbe.of(ElfFile.of(MemorySegment.ofArray(image), "moved")))
        .isEqualTo(probes(program));
  }

  @Test
  void damageIsSaid() throws IOException {
    Path program = Programs.compiled("probes.c", "-O2");
    Section notes;
    try (ElfFile elf = ElfFile.open(program)) {
      notes = elf.section(".note.stapsdt").orElseThrow();
    }
    Random random = new Random(11);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] image = Files.readAllBytes(program);
      for (int i = 0; i < 1 + round % 4; i++) {
        image[(int) notes.offset() + random.nextInt((int) notes.size())] = (byte) random.nextInt();
      }
      try {
        StaticProbe.of(ElfFile.of(MemorySegment.ofArray(image), "bad"));
      } catch (BadDataException e) {
        assertThat(e).hasMessageStartingWith("bad: .note.stapsdt");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50);
    byte[] huge = Files.readAllBytes(program);
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt((int) notes.offset() + 4, -1);
    ElfFile elf = ElfFile.of(MemorySegment.ofArray(huge), "huge");
    assertThatThrownBy(() -> StaticProbe.of(elf)).isInstanceOf(BadDataException.class);
  }

  private static List<StaticProbe> probes(Path file) {
    try (ElfFile elf = ElfFile.open(file)) {
      return StaticProbe.of(elf);
    }
  }

  private static List<StaticProbe> truth(Path file) {
    List<StaticProbe> result = new ArrayList<>();
    Matcher m = NOTE.matcher(Programs.run("readelf", "-n", file.toString()));
    while (m.find()) {
      result.add(
          new StaticProbe(
              m.group(1).strip(),
              m.group(2).strip(),
              Long.parseUnsignedLong(m.group(3), 16),
              Long.parseUnsignedLong(m.group(4), 16),
              m.group(5).strip()));
    }
    return result;
  }
}
