package dev.whatif.core.dwarf;

import dev.whatif.core.failure.BadDataException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a unit.
 *
 * @param rows none when the unit has no line program or it is damaged from the beginning
 * @param files what the rows and DW_AT_call_file number, or null when there is no program
 */
record LineTable(LineRows rows, @Nullable FileTable files) {

  /** Runs a unit's line program; keeps the sequences before any damage, which is reported. */
  static LineTable read(Unit unit, LineRule rule, Consumer<BadDataException> damage) {
    LineRows rows = new LineRows(rule);
    FileTable files = null;
    if (unit.lineProgram() >= 0) {
      try {
        SectionReader r = unit.file().sections().reader(SectionKind.LINE);
        LineHeader header = LineHeader.read(r, unit.lineProgram(), unit);
        files = header.files();
        LineProgram.run(r, header, rows);
      } catch (BadDataException e) {
        damage.accept(e);
      }
    }
    return new LineTable(rows, files);
  }

  /** Full path of a file by its number; empty when unknown. */
  String path(int number) {
    return files == null ? "" : files.path(number);
  }
}
