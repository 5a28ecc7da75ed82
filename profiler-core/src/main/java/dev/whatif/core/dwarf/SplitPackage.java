package dev.whatif.core.dwarf;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .dwp} file: the split units of a whole program, with an index that says which piece of
 * each section belongs to which unit (DWARF 5, 7.3.5; version 2 is GNU's for DWARF 4).
 */
final class SplitPackage {

  private final DebugSections sections;
  private final Map<Long, Map<SectionKind, Piece>> pieces;

  /** A part of a section. */
  record Piece(long offset, long size) {}

  private SplitPackage(DebugSections sections, Map<Long, Map<SectionKind, Piece>> pieces) {
    this.sections = sections;
    this.pieces = pieces;
  }

  /** Reads the index; empty when the file has none. */
  static Optional<SplitPackage> of(ElfFile elf) {
    return elf.section(".debug_cu_index")
        .map(s ->
            new SplitPackage(
                new DebugSections(elf, ".dwo"),
                index(new SectionReader(elf.bytes(s), elf.name() + ": " + s.name(), 4096))));
  }

  /** The unit of that id, as if it were alone in a {@code .dwo} file. */
  Optional<DebugFile> file(long id, Consumer<BadDataException> damage) {
    return Optional.ofNullable(pieces.get(id))
        .map(own -> new DebugFile(sections.cut(own), null, damage));
  }

  private static Map<Long, Map<SectionKind, Piece>> index(SectionReader r) {
    int version = r.u16();
    r.skip(2);
    long columns = r.u32();
    long units = r.u32();
    long slots = r.u32();
    if (columns == 0
        || columns > 16
        || slots > r.remaining() / 12
        || units > r.remaining() / (8 * columns)) {
      throw r.malformed("an index of " + units + " units and " + slots + " slots");
    }
    long ids = r.position();
    long rows = ids + 8 * slots;
    long header = rows + 4 * slots;
    long offsets = header + 4 * columns;
    long sizes = offsets + 4 * columns * units;
    Map<Long, Map<SectionKind, Piece>> result = new HashMap<>();
    for (long slot = 0; slot < slots; slot++) {
      long row = r.seek(rows + 4 * slot).u32();
      if (row == 0) {
        continue; // a free slot of the hash table
      }
      if (row > units) {
        throw r.malformed("the row " + row + " of " + units);
      }
      Map<SectionKind, Piece> own = new EnumMap<>(SectionKind.class);
      for (long column = 0; column < columns; column++) {
        SectionKind kind = kind(r.seek(header + 4 * column).u32(), version);
        if (kind != null) {
          long cell = 4 * ((row - 1) * columns + column);
          long offset = r.seek(offsets + cell).u32();
          own.put(kind, new Piece(offset, r.seek(sizes + cell).u32()));
        }
      }
      result.put(r.seek(ids + 8 * slot).u64(), own);
    }
    return result;
  }

  /** DW_SECT_* (DWARF 5, table 7.1). */
  private static @Nullable SectionKind kind(long id, int version) {
    return switch ((int) id) {
      case 1 -> SectionKind.INFO;
      case 3 -> SectionKind.ABBREV;
      case 4 -> SectionKind.LINE;
      case 6 -> SectionKind.STR_OFFSETS;
      case 8 -> version >= 5 ? SectionKind.RNGLISTS : null;
      default -> null;
    };
  }
}
