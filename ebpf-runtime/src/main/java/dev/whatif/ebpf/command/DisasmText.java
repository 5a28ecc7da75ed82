package dev.whatif.ebpf.command;

import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.object.CodeLabel;
import java.io.PrintWriter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Prints code for people: labels, source lines, instructions. */
final class DisasmText {

  private static final HexFormat BYTES = HexFormat.ofDelimiter(" ");
  private static final int TEXT_WIDTH = 36;

  private final Terminal terminal;
  private final boolean raw;
  private final PrintWriter out;
  private boolean first = true;

  DisasmText(Terminal terminal, boolean raw, PrintWriter out) {
    this.terminal = terminal;
    this.raw = raw;
    this.out = out;
  }

  void print(SectionRows section) {
    if (!first) {
      out.println();
    }
    first = false;
    int slots = section.listing().code().length / Slot.BYTES;
    out.println(
        terminal.strong("section " + Terminal.clean(section.listing().section()))
            + terminal.dim(", " + slots + (slots == 1 ? " slot" : " slots")));
    LineInfo before = null;
    for (CodeRow row : section.rows()) {
      for (CodeLabel label : row.labels()) {
        print(label);
        before = null;
      }
      if (row.source() != null && !sameLine(row.source(), before)) {
        before = row.source();
        print(row.source());
      }
      print(row);
    }
  }

  private void print(CodeLabel label) {
    String name = Terminal.clean(label.name()) + ":";
    if (label.function()) {
      out.println();
      out.println(terminal.strong(name));
    } else {
      out.println(name);
    }
  }

  private void print(LineInfo line) {
    String text = Terminal.clean(line.text().strip());
    String file = line.file().substring(line.file().lastIndexOf('/') + 1);
    String where = Terminal.clean(file) + ":" + line.line();
    out.println(terminal.dim(text.isEmpty() ? "; " + where : "; " + where + "  " + text));
  }

  private void print(CodeRow row) {
    String text = row.text().replace('\t', ' ');
    String note = note(row);
    String padded =
        note == null ? text : Terminal.left(text, TEXT_WIDTH) + terminal.dim(" ; " + note);
    String bytes = raw ? BYTES.formatHex(row.bytes(), 0, Slot.BYTES) + "  " : "";
    String shown = row.problem() == null ? padded : terminal.bad(padded);
    out.println("%8d:  ".formatted(row.slot()) + terminal.dim(bytes) + shown);
    if (raw && row.bytes().length > Slot.BYTES) {
      String rest = BYTES.formatHex(row.bytes(), Slot.BYTES, row.bytes().length);
      out.println(" ".repeat(11) + terminal.dim(rest));
    }
  }

  private static @Nullable String note(CodeRow row) {
    if (row.problem() != null) {
      return row.problem();
    }
    String named = row.reference() == null ? row.helper() : row.reference();
    return named == null ? null : Terminal.clean(named);
  }

  private static boolean sameLine(LineInfo line, @Nullable LineInfo before) {
    return before != null && line.line() == before.line() && line.file().equals(before.file());
  }
}
