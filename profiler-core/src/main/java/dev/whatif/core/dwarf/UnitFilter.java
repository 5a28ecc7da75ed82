package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which units can mention one of some names. Their bytes are looked through for anything that
 * equals the offset of such a name in the table of strings, which is many times faster than reading
 * entries; what is found by accident is sorted out by reading. Not safe for use by several threads.
 */
final class UnitFilter {

  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int LOOK_AHEAD = 3;

  private final List<String> names;
  private final Map<MemorySegment, NamePlaces> places = new HashMap<>();
  private final Map<MemorySegment, Map<Long, Boolean>> tables = new HashMap<>();
  private final byte[] chunk = new byte[CHUNK_BYTES + LOOK_AHEAD];

  /**
   * For some names.
   *
   * @param names none: every unit is one that can
   */
  UnitFilter(List<String> names) {
    this.names = names.contains("") ? List.of() : List.copyOf(names);
  }

  /** Whether an entry of a unit may have one of the names. */
  boolean mayName(Unit unit) {
    if (names.isEmpty()) {
      return true;
    }
    DebugSections sections = unit.file().sections();
    UnitHeader header = unit.header();
    if (placesIn(sections.bytes(SectionKind.INFO)).within(header.offset(), header.end())) {
      return true; // the text stands in the entry itself
    }
    DebugFile other = unit.file().supplementary();
    NamePlaces own = placesIn(sections.bytes(SectionKind.STR));
    NamePlaces shared = other == null ? own : placesIn(other.sections().bytes(SectionKind.STR));
    return (!own.isEmpty() || !shared.isEmpty())
        && (hasIndexed(unit, own) || mentions(unit, own, shared));
  }

  /** Whether the bytes of a unit have one of these numbers anywhere. */
  boolean mayRefer(Unit unit, BitSet offsets) {
    return scan(unit, value -> value >= 0 && offsets.get(value));
  }

  private boolean mentions(Unit unit, NamePlaces own, NamePlaces shared) {
    return scan(unit, value -> own.at(value) || (shared != own && shared.at(value)));
  }

  private NamePlaces placesIn(MemorySegment section) {
    return places.computeIfAbsent(section, s -> NamePlaces.in(s, names));
  }

  /** Whether the unit's table of string offsets has a name (DW_FORM_strx). */
  private boolean hasIndexed(Unit unit, NamePlaces own) {
    long base = unit.stringOffsetsBase();
    if (base < 0) {
      return false;
    }
    MemorySegment section = unit.file().sections().bytes(SectionKind.STR_OFFSETS);
    return tables
        .computeIfAbsent(section, s -> new HashMap<>())
        .computeIfAbsent(base, b -> tableHas(unit, b, own));
  }

  private boolean tableHas(Unit unit, long base, NamePlaces own) {
    SectionReader r = unit.file().sections().reader(SectionKind.STR_OFFSETS);
    int width = unit.header().offsetSize();
    long end = r.size();
    try {
      if (unit.header().version() >= 5 && base >= 8 && width == 4) {
        // DWARF 5, 7.26: length, version and padding stand before the table.
        long length = r.seek(base - 8).u32();
        end = length >= 4 && length <= end - base + 4 ? base - 4 + length : end;
      }
      r.seek(base);
      while (r.position() <= end - width) {
        if (own.at((int) r.unsigned(width))) {
          return true;
        }
      }
    } catch (BadDataException e) {
      return true; // who reads the unit tells what is wrong
    }
    return false;
  }

  /** What a number may mean. */
  private interface Mark {
    boolean at(int value);
  }

  private boolean scan(Unit unit, Mark mark) {
    MemorySegment section = unit.file().sections().bytes(SectionKind.INFO);
    long end = Math.min(unit.header().end(), section.byteSize());
    for (long base = unit.header().offset(); base < end; base += CHUNK_BYTES) {
      int filled = (int) Math.min(chunk.length, end - base);
      MemorySegment.copy(section, ValueLayout.JAVA_BYTE, base, chunk, 0, filled);
      int starts = Math.min(filled - LOOK_AHEAD, CHUNK_BYTES);
      for (int i = 0; i < starts; i++) {
        if (mark.at((int) U32.get(chunk, i))) {
          return true;
        }
      }
    }
    return false;
  }
}
