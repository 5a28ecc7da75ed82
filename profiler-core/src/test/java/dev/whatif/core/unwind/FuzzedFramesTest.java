package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any bytes in the call frame information give a table of bounded size or bad data. */
@Requires(Requirement.GCC)
class FuzzedFramesTest {

  @Test
  void ehFrame() throws IOException {
    byte[] good = Files.readAllBytes(Programs.compiled("deep.c", "-O2", "-g", "-lpthread"));
    fuzz(good, List.of(section(good, ".eh_frame")), 3000);
  }

  @Test
  void debugFrame() throws IOException {
    Path program =
        Programs.compiled(
            "deep.c",
            "-O2",
            "-g",
            "-fno-asynchronous-unwind-tables",
            "-fno-unwind-tables",
            "-lpthread");
    byte[] good = Files.readAllBytes(program);
    fuzz(good, List.of(section(good, ".debug_frame")), 1500);
  }

  /** Without section headers, PT_GNU_EH_FRAME leads to the frames. */
  @Test
  void ehFrameByItsProgramHeader() throws IOException {
    byte[] good = Files.readAllBytes(Programs.compiled("deep.c", "-O2", "-g", "-lpthread"));
    Section header = section(good, ".eh_frame_hdr");
    Section frames = section(good, ".eh_frame");
    // e_shoff, e_shnum, e_shstrndx (System V ABI, chapter 4).
    MemorySegment file = MemorySegment.ofArray(good);
    file.set(ValueLayout.JAVA_LONG_UNALIGNED, 40, 0);
    file.set(ValueLayout.JAVA_INT_UNALIGNED, 60, 0);
    // Only the first 12 bytes of the header matter: version, encodings, pointer, count.
    Section front =
        new Section(
            header.name(),
            header.type(),
            header.flags(),
            header.address(),
            header.offset(),
            12,
            header.link(),
            header.info(),
            header.entrySize());
    fuzz(good, List.of(front, frames), 1500);
  }

  private static Section section(byte[] file, String name) {
    return ElfFile.of(MemorySegment.ofArray(file), "x").section(name).orElseThrow();
  }

  private static void fuzz(byte[] good, List<Section> places, int rounds) {
    Random random = new Random(5);
    int damaged = 0;
    int refused = 0;
    for (int i = 0; i < rounds; i++) {
      byte[] bad = good.clone();
      Section place = places.get(i % places.size());
      for (int k = 0; k < 1 + i % 20; k++) {
        bad[(int) place.offset() + random.nextInt((int) place.size())] = (byte) random.nextInt();
      }
      try {
        UnwindTable table = UnwindTable.of(ElfFile.of(MemorySegment.ofArray(bad), "bad"));
        damaged += table.damagedFunctions();
        assertThat(table.byteSize()).isLessThan(100L * good.length + 10_000);
        unwindNoise(table, random);
      } catch (BadDataException e) {
        refused++;
        assertThat(e).hasMessageContaining("bad");
      }
    }
    assertThat(damaged + refused).isPositive();
  }

  /** Random registers and stacks through every rule of a damaged table. */
  private static void unwindNoise(UnwindTable table, Random random) {
    ExpressionMachine machine = new ExpressionMachine();
    Registers registers = new Registers();
    for (int r = 0; r < Registers.COUNT; r++) {
      registers.set(r, random.nextLong());
    }
    StackMemory noise =
        (address, out, index) -> {
          out[index] = address * 31;
          return true;
        };
    for (int rule = 1; rule < table.rules(); rule++) {
      if (table.cfaKind(rule) == UnwindTableLayout.CFA_EXPRESSION) {
        machine.run(table, table.cfaValue(rule), false, 0, 0, registers, noise);
      }
      for (int place = 0; place < UnwindTableLayout.RULE_REGISTERS; place++) {
        if (table.kind(rule, place) >= UnwindTableLayout.AT_EXPRESSION) {
          machine.run(table, table.value(rule, place), true, 1, 0, registers, noise);
        }
      }
    }
  }
}
