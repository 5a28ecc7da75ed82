package dev.whatif.core.unwind;

import dev.whatif.core.elf.ByteCursor;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.elf.Segment;
import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Finds the call frame information of a file. */
final class CallFrameSections {

  private CallFrameSections() {}

  /**
   * {@code .eh_frame}, by its section header or, where section headers are stripped, through the
   * program header that the unwinder of the C library uses.
   */
  static Optional<FrameDescriptions> ehFrame(ElfFile elf) {
    Optional<Section> section = elf.section(".eh_frame");
    if (section.isPresent()) {
      long header = elf.section(".eh_frame_hdr").map(Section::address).orElse(0L);
      return Optional.of(
          new FrameDescriptions(elf.cursor(section.get()), true, section.get().address(), header));
    }
    for (Segment s : elf.segments()) {
      if (s.type() == Segment.PT_GNU_EH_FRAME) {
        return byProgramHeader(elf, s);
      }
    }
    return Optional.empty();
  }

  /** {@code .debug_frame}, which is never loaded. */
  static Optional<FrameDescriptions> debugFrame(ElfFile elf) {
    return elf.section(".debug_frame").map(s -> new FrameDescriptions(elf.cursor(s), false, 0, 0));
  }

  /** LSB core, chapter 10.6.2: version, three encodings, pointer to .eh_frame. */
  private static Optional<FrameDescriptions> byProgramHeader(ElfFile elf, Segment header) {
    String name = elf.name() + ": PT_GNU_EH_FRAME";
    ByteCursor c = new ByteCursor(tail(elf, header.address(), name), name);
    int version = c.u8();
    if (version != 1) {
      throw new BadDataException(name + ": unknown version " + version);
    }
    int encoding = c.u8();
    c.skip(2);
    long address = PointerEncoding.read(c, encoding, header.address(), header.address());
    String sectionName = elf.name() + ": .eh_frame";
    MemorySegment bytes = tail(elf, address, sectionName);
    return Optional.of(
        new FrameDescriptions(new ByteCursor(bytes, sectionName), true, address, header.address()));
  }

  /** From a loaded address to the end of its segment's bytes in the file. */
  private static MemorySegment tail(ElfFile elf, long address, String name) {
    for (Segment s : elf.segments()) {
      long into = address - s.address();
      if (s.type() == Segment.PT_LOAD && into >= 0 && into < s.fileSize()) {
        long begin = s.offset() + into;
        long end = Math.min(s.offset() + s.fileSize(), elf.image().byteSize());
        if (begin >= 0 && begin <= end) {
          return elf.image().asSlice(begin, end - begin);
        }
      }
    }
    throw new BadDataException(
        name + ": its address 0x" + Long.toHexString(address) + " is not loaded");
  }
}
