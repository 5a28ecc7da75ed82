package dev.whatif.core.unwind;

import static dev.whatif.core.unwind.UnwindTableLayout.*;

import dev.whatif.testing.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The call frame table of a file as {@code readelf --debug-dump=frames-interp} prints it, and its
 * comparison with an {@link UnwindTable}.
 */
final class ReadelfRows {

  private static final List<String> NAMES =
      List.of(
          "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12",
          "r13", "r14", "r15", "ra");

  /** CFA in front, then one text per register; "u" where readelf has no column. */
  private final TreeMap<Long, String[]> rows = new TreeMap<>();

  private static final String[] NONE = new String[0];

  private ReadelfRows() {}

  static ReadelfRows of(Path file) {
    ReadelfRows result = new ReadelfRows();
    // It exits 1 when a separate debug file is not found, and has said everything then.
    result.parse(
        Programs.run(
            "sh", "-c", "readelf --debug-dump=frames-interp -W \"$0\" || true", file.toString()));
    return result;
  }

  int count() {
    return rows.size();
  }

  private void parse(String text) {
    boolean debugFrame = false;
    List<String> columns = List.of();
    Map<String, String[]> commons = new TreeMap<>();
    String common = "";
    long start = 0;
    long end = 0;
    boolean inFunction = false;
    for (String line : text.split("\n")) {
      if (line.startsWith("Contents of the")) {
        debugFrame = line.contains(".debug_frame");
      } else if (line.contains(" CIE ")) {
        common = line.substring(0, line.indexOf(' '));
        inFunction = false;
      } else if (line.contains(" FDE ")) {
        String cie = line.replaceAll(".*cie=([0-9a-f]+) .*", "$1");
        String[] range = line.replaceAll(".*pc=", "").split("\\.\\.");
        start = Long.parseUnsignedLong(range[0], 16);
        end = Long.parseUnsignedLong(range[1].strip(), 16);
        inFunction = start != end && !(debugFrame && isCovered(start));
        if (inFunction) {
          rows.put(start, commons.getOrDefault(cie, NONE));
          rows.putIfAbsent(end, NONE);
        }
      } else if (line.startsWith("   LOC")) {
        columns = Arrays.asList(line.strip().split(" +"));
      } else if (line.endsWith("ZERO terminator")) {
        inFunction = false;
      } else if (line.matches("[0-9a-f]{16} .*")) {
        // A register kept in another one takes two words: "r9 (r9)".
        String[] cells = line.strip().replaceAll(" r\\d+ \\((\\w+)\\)", " $1").split(" +");
        long pc = Long.parseUnsignedLong(cells[0], 16);
        String[] row = new String[1 + NAMES.size()];
        Arrays.fill(row, "u");
        for (int i = 1; i < cells.length; i++) {
          int at = i == 1 ? 0 : 1 + NAMES.indexOf(columns.get(i));
          if (i == 1 || at > 0) {
            row[at] = cells[i];
          }
        }
        if (!inFunction && pc == 0) {
          commons.put(common, row);
        } else if (inFunction && pc >= start && pc < end) {
          rows.put(pc, row);
        }
      }
    }
  }

  private boolean isCovered(long pc) {
    Map.Entry<Long, String[]> e = rows.floorEntry(pc);
    return e != null && e.getValue() != NONE;
  }

  /** At each address where either changes: what readelf and the table say differently. */
  List<String> differences(UnwindTable table) {
    List<String> result = new ArrayList<>();
    TreeMap<Long, Integer> all = new TreeMap<>();
    rows.keySet().forEach(pc -> all.put(pc, 0));
    for (int i = 0; i < table.rows(); i++) {
      all.put(table.rowAddress(i), 0);
    }
    for (long pc : all.keySet()) {
      Map.Entry<Long, String[]> e = rows.floorEntry(pc);
      String truth = e == null || e.getValue() == NONE ? "none" : String.join(" ", e.getValue());
      String ours = text(table, table.find(pc));
      if (!truth.equals(ours) && !truth.equals(ours.replace(" s", " u"))) {
        result.add("%x: readelf %s, table %s".formatted(pc, truth, ours));
      }
    }
    return result;
  }

  private static String text(UnwindTable t, int rule) {
    if (rule == NO_RULE) {
      return "none";
    }
    String[] cells = new String[1 + NAMES.size()];
    Arrays.fill(cells, "u");
    cells[0] =
        t.cfaKind(rule) == CFA_REGISTER
            ? "%s%+d".formatted(NAMES.get(t.cfaRegister(rule)), t.cfaValue(rule))
            : "exp";
    for (int place = 0; place < RULE_REGISTERS; place++) {
      cells[1 + registerAt(place)] = text(t.kind(rule, place), t.value(rule, place));
    }
    for (int i = 0; i < t.moreCount(rule); i++) {
      cells[1 + t.moreRegister(rule, i)] = text(t.moreKind(rule, i), t.moreValue(rule, i));
    }
    return String.join(" ", cells);
  }

  private static String text(int kind, int value) {
    return switch (kind) {
      case SAME, UNDEFINED -> "u";
      case AT_CFA -> "c%+d".formatted(value);
      case IS_CFA -> "v%+d".formatted(value);
      case IN_REGISTER -> NAMES.get(value);
      case AT_REGISTER, AT_EXPRESSION -> "exp";
      case IS_EXPRESSION -> "vexp";
      default -> throw new AssertionError(kind);
    };
  }
}
