package dev.whatif.core.dwarf;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
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

  /** Only pieces of some of the sections, the others whole: a unit in a package. */
  DebugSections cut(Map<SectionKind, SplitPackage.Piece> pieces) {
    DebugSections result = new DebugSections(elf, suffix);
    for (SectionKind kind : SectionKind.values()) {
      MemorySegment whole = bytes(kind);
      SplitPackage.Piece piece = pieces.get(kind);
      if (piece != null && piece.offset() > whole.byteSize() - piece.size()) {
        throw new BadDataException(
            "%s: the package's index has a piece of %s at 0x%x that lies outside of it"
                .formatted(elf.name(), kind.sectionName(), piece.offset()));
      }
      result.found.put(kind, piece == null ? whole : whole.asSlice(piece.offset(), piece.size()));
    }
    return result;
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
