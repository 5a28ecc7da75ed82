package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The units of one file's {@code .debug_info}: the program's, its supplementary file's (dwz), or a
 * split unit's. Thread-safe.
 */
final class DebugFile {

  private static final int ROOT_BUFFER_BYTES = 512;

  private final DebugSections sections;
  private final @Nullable DebugFile supplementary;
  private final List<Unit> units = new ArrayList<>();
  private final Map<ShapeKey, Abbreviations> abbreviations = new ConcurrentHashMap<>();

  /**
   * Reads the headers and root entries of all units.
   *
   * @param damage is told of units that cannot be read; they are left out
   */
  DebugFile(
      DebugSections sections,
      @Nullable DebugFile supplementary,
      Consumer<BadDataException> damage) {
    this.sections = sections;
    this.supplementary = supplementary;
    SectionReader r = sections.reader(SectionKind.INFO, ROOT_BUFFER_BYTES);
    try {
      long next = 0;
      while (next < r.size()) {
        UnitHeader header = UnitHeader.read(r.limit(r.size()).seek(next));
        next = header.end();
        addUnit(header, r, damage);
      }
    } catch (BadDataException e) {
      damage.accept(e);
    }
  }

  DebugSections sections() {
    return sections;
  }

  /** The file that dwz moved common entries to, if there is one and it was found. */
  @Nullable DebugFile supplementary() {
    return supplementary;
  }

  /** In the order of their offsets. */
  List<Unit> units() {
    return units;
  }

  /** The unit that covers an offset of {@code .debug_info}, or null. */
  @Nullable Unit unitAt(long offset) {
    int low = 0;
    int high = units.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      UnitHeader h = units.get(middle).header();
      if (offset < h.offset()) {
        high = middle - 1;
      } else if (offset >= h.end()) {
        low = middle + 1;
      } else {
        return units.get(middle);
      }
    }
    return null;
  }

  /** The shapes of a unit's entries; several units may share a table. */
  Abbreviations abbreviations(UnitHeader unit) {
    ShapeKey key =
        new ShapeKey(
            unit.abbrevOffset(), unit.addressSize(), unit.offsetSize(), unit.version() <= 2);
    return abbreviations.computeIfAbsent(
        key, k -> Abbreviations.read(sections.reader(SectionKind.ABBREV, 4096), unit));
  }

  private void addUnit(UnitHeader header, SectionReader r, Consumer<BadDataException> damage) {
    if (!header.supported() || header.isType()) {
      return;
    }
    try {
      units.add(Unit.read(this, header, r));
    } catch (BadDataException e) {
      damage.accept(e);
    }
  }

  /** What the sizes in a table of shapes depend on. */
  private record ShapeKey(long offset, int addressSize, int offsetSize, boolean version2) {}
}
