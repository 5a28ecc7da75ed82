package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile call frame information, hostile stacks: bounded, counted, and nothing else happens. */
@Requires({Requirement.GCC, Requirement.BINUTILS})
class DamagedFramesTest {

  private static Path program() {
    return Programs.compiled("deep.c", "-O2", "-g", "-lpthread");
  }

  @Test
  void aDamagedDescriptionLosesNoOther() throws Exception {
    byte[] bytes = Files.readAllBytes(program());
    ElfFile good = ElfFile.of(MemorySegment.ofArray(bytes), "good");
    UnwindTable whole = UnwindTable.of(good);
    Section frames = good.section(".eh_frame").orElseThrow();
    long burn = whole.rowAddress(whole.rows() / 2);
    // The program of the last description: an opcode that does not exist.
    byte[] bad = bytes.clone();
    int last = lastDescription(bad, frames);
    bad[last + 17] = 0x3d;
    UnwindTable damaged = UnwindTable.of(ElfFile.of(MemorySegment.ofArray(bad), "bad"));
    assertThat(damaged.damagedFunctions()).isEqualTo(1);
    assertThat(damaged.functions()).isEqualTo(whole.functions() - 1);
    assertThat(damaged.firstDamage().orElseThrow())
        .contains("bad: .eh_frame")
        .contains("opcode 0x3d");
    assertThat(damaged.find(burn)).isNotZero();
  }

  /** Nothing says where the entry behind it begins: those before it stay. */
  @ParameterizedTest
  @ValueSource(ints = {0x7fffffff, -256, -2, -1})
  void aDamagedLengthLosesWhatFollowsItAndNothingElse(int length) throws Exception {
    byte[] good = Files.readAllBytes(program());
    ElfFile elf = ElfFile.of(MemorySegment.ofArray(good), "good");
    Section frames = elf.section(".eh_frame").orElseThrow();
    int all = UnwindTable.of(elf).functions();
    MemorySegment m = MemorySegment.ofArray(good);
    int before = 0;
    int at = (int) frames.offset();
    for (int entry = 0; m.get(ValueLayout.JAVA_INT_UNALIGNED, at) != 0; entry++) {
      if (entry % 3 == 1) {
        MemorySegment bad = MemorySegment.ofArray(good.clone());
        bad.set(ValueLayout.JAVA_INT_UNALIGNED, at, length);
        UnwindTable table = UnwindTable.of(ElfFile.of(bad, "bad"));
        assertThat(table.functions()).as("entry %d", entry).isEqualTo(before);
        assertThat(table.firstDamage().orElseThrow()).contains("bad: .eh_frame").contains("bytes");
      }
      before += m.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4) == 0 ? 0 : 1;
      at += 4 + m.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    }
    assertThat(before).isEqualTo(all).isGreaterThan(10);
  }

  @Test
  void expressionsThatNeverEndAreCutOff() {
    // skip -3: a loop; dup in a loop: a stack that grows; a division by zero.
    for (byte[] code :
        new byte[][] {
          {0x30, 0x2f, -3, -1}, {0x30, 0x12, 0x2f, -4, -1}, {0x31, 0x30, 0x1b}, {0x13}, {0x10, -1}
        }) {
      UnwindTableWriter writer = new UnwindTableWriter("x", 0);
      MemorySegment bytes = MemorySegment.ofArray(code);
      int at = writer.expression(bytes, new dev.whatif.core.elf.ByteCursor(bytes, "x"));
      // The area is read through a table: make one.
      MemorySegment image = writer.finish();
      assertThat(image.byteSize()).isPositive();
      UnwindTable table = UnwindTable.over(image);
      assertThat(
              new ExpressionMachine()
                  .run(table, at, false, 0, 0, new Registers(), (a, out, i) -> false))
          .isEqualTo(ExpressionMachine.Outcome.DAMAGED);
    }
  }

  /** A stack of addresses of code: no sense in it, but an end. */
  @Test
  void stacksOfNoiseEnd() {
    Path file = program();
    Section text;
    try (ElfFile elf = ElfFile.open(file)) {
      text = elf.section(".text").orElseThrow();
    }
    long inode = inode(file);
    long start = 0x7000_0000_0000L;
    AddressSpace space = new AddressSpace((int) ProcessHandle.current().pid());
    space.map(
        new Mapping(
            start, start + 0x10000, text.offset() & -4096, file.toString(), "00:00", inode, true));
    long code = start + (text.offset() & 4095);
    Random random = new Random(9);
    Registers registers = new Registers();
    StackFrames frames = new StackFrames();
    CapturedStack stack = new CapturedStack();
    try (Unwinder unwinder = new Unwinder(new UnwindTables())) {
      for (int i = 0; i < 20_000; i++) {
        long[] words = new long[512];
        long base = 0x7fff_0000_0000L;
        for (int w = 0; w < words.length; w++) {
          words[w] =
              random.nextBoolean()
                  ? code + random.nextInt((int) text.size())
                  : base + random.nextInt(4096);
        }
        for (int r = 0; r < Registers.COUNT; r++) {
          registers.set(r, base + (random.nextInt(512) & -8));
        }
        registers.set(Registers.RIP, code + random.nextInt((int) text.size()));
        stack.reset(base, MemorySegment.ofArray(words), 0, words.length * 8L);
        unwinder.unwind(space, registers, stack, frames);
        assertThat(frames.depth()).isBetween(1, frames.maxDepth());
      }
    }
  }

  private static long inode(Path file) {
    try {
      return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** File offset of the last description that is long enough to have a program. */
  private static int lastDescription(byte[] bytes, Section frames) {
    MemorySegment m = MemorySegment.ofArray(bytes);
    int at = (int) frames.offset();
    int last = at;
    while (true) {
      int length = m.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      if (length == 0) {
        return last;
      }
      if (m.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4) != 0 && length >= 0x14) {
        last = at;
      }
      at += 4 + length;
    }
  }
}
