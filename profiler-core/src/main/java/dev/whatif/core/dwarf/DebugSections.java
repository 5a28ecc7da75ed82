package dev.whatif.core.dwarf;

import dev.whatif.core.elf.ElfFile;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** The debug sections of one file, found by name and unpacked at first use. Thread-safe. */
final class DebugSections {

  private static final int BUFFER_BYTES = 8192;

  private final ElfFile elf;
  private final String suffix;
  private final Map<SectionKind, MemorySegment> found = new EnumMap<>(SectionKind.class);

  /**
   * The sections of a file.
   *
   * @param suffix empty, or {@code .dwo} for the files of split DWARF
   */
  DebugSections(ElfFile elf, String suffix) {
    this.elf = elf;
    this.suffix = suffix;
  }

  ElfFile elf() {
    return elf;
  }

  /** Whether these are the sections of a split unit. */
  boolean split() {
    return !suffix.isEmpty();
  }

  /** The bytes of a section; none when the file does not have it. */
  synchronized MemorySegment bytes(SectionKind kind) {
    MemorySegment bytes = found.get(kind);
    if (bytes == null) {
      bytes =
          elf.section(kind.sectionName() + suffix)
              .map(elf::bytes)
              .orElseGet(() -> MemorySegment.ofArray(new byte[0]));
      found.put(kind, bytes);
    }
    return bytes;
  }

  SectionReader reader(SectionKind kind) {
    return reader(kind, BUFFER_BYTES);
  }

  SectionReader reader(SectionKind kind, int bufferBytes) {
    return new SectionReader(
        bytes(kind), elf.name() + ": " + kind.sectionName() + suffix, bufferBytes);
  }
}
