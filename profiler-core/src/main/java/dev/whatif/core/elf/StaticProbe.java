package dev.whatif.core.elf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.List;

/**
 * A static probe that a program's author left in it with {@code <sys/sdt.h>}: a no-operation
 * instruction and a note in {@code .note.stapsdt} that tells where (SystemTap wiki,
 * "UserSpaceProbeImplementation").
 *
 * @param provider who made it, usually the program: {@code libc}
 * @param name what happens there: {@code setjmp}
 * @param location address of the instruction, in the file's own addresses
 * @param semaphore address of the 16-bit counter of listeners, 0 when it has none
 * @param arguments where its arguments are: {@code -4@%edi 8@(%rsp)}
 */
public record StaticProbe(
    String provider, String name, long location, long semaphore, String arguments) {

  private static final String NOTES = ".note.stapsdt";
  private static final String BASE = ".stapsdt.base";
  private static final int TYPE = 3;
  private static final int HEADER_BYTES = 12;
  private static final int ADDRESSES_BYTES = 24;
  private static final int MAX_TEXT_BYTES = 4096;

  /**
   * All probes of a file; none when it has no such notes.
   *
   * @throws BadDataException when the notes are damaged
   */
  public static List<StaticProbe> of(ElfFile elf) {
    List<StaticProbe> result = new ArrayList<>();
    // Several sections of that name would be merged by every linker.
    elf.section(NOTES).ifPresent(s -> read(elf.cursor(s), baseOf(elf), result));
    return result;
  }

  /** Prelink moves sections, but not the addresses in notes: they are relative to this one. */
  private static long baseOf(ElfFile elf) {
    return elf.sections().stream()
        .filter(s -> s.name().equals(BASE))
        .mapToLong(Section::address)
        .findFirst()
        .orElse(0);
  }

  private static void read(ByteCursor notes, long base, List<StaticProbe> out) {
    while (notes.remaining() >= HEADER_BYTES) {
      long ownerSize = notes.u32();
      long descriptorSize = notes.u32();
      long type = notes.u32();
      String owner = owner(notes.sub(ownerSize, notes.name()));
      pad(notes, ownerSize);
      ByteCursor descriptor = notes.sub(descriptorSize, notes.name());
      pad(notes, descriptorSize);
      if (type == TYPE && owner.equals("stapsdt")) {
        out.add(probe(descriptor, base));
      }
    }
  }

  private static StaticProbe probe(ByteCursor c, long base) {
    if (c.remaining() < ADDRESSES_BYTES) {
      throw c.malformed("a probe of " + c.remaining() + " bytes");
    }
    long location = c.u64();
    long linkedBase = c.u64();
    long semaphore = c.u64();
    long moved = base == 0 ? 0 : base - linkedBase;
    String provider = c.cString(MAX_TEXT_BYTES);
    String name = c.cString(MAX_TEXT_BYTES);
    String arguments = c.cString(MAX_TEXT_BYTES);
    return new StaticProbe(
        provider, name, location + moved, semaphore == 0 ? 0 : semaphore + moved, arguments);
  }

  private static String owner(ByteCursor c) {
    return c.remaining() == 8 ? c.cString() : "";
  }

  private static void pad(ByteCursor c, long size) {
    c.skip(Math.min((4 - (size & 3)) & 3, c.remaining()));
  }
}
