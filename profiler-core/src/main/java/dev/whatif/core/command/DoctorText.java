package dev.whatif.core.command;

import dev.whatif.core.capability.Capability;
import dev.whatif.core.report.Paragraph;
import dev.whatif.core.report.Terminal;
import java.io.PrintWriter;
import java.util.List;

/** Prints doctor's rows: a mark, the name, the finding, and under it the way to change it. */
final class DoctorText {

  private static final int MARK = 4;

  private final Terminal terminal;
  private final PrintWriter out;

  DoctorText(Terminal terminal, PrintWriter out) {
    this.terminal = terminal;
    this.out = out;
  }

  void print(String title, List<Capability> rows) {
    out.println(terminal.strong(title));
    int name = rows.stream().mapToInt(r -> r.name().length()).max().orElse(0);
    String indent = " ".repeat(2 + MARK + 1 + name + 2);
    for (Capability row : rows) {
      List<String> finding =
          Paragraph.lines(Terminal.clean(row.finding()), terminal.columns() - indent.length());
      out.println(
          "  " + mark(row) + " " + Terminal.left(row.name(), name) + "  " + finding.getFirst());
      finding.stream().skip(1).forEach(l -> out.println(indent + l));
      if (row.remedy() != null) {
        Paragraph.lines("-> " + Terminal.clean(row.remedy()), terminal.columns() - indent.length())
            .forEach(l -> out.println(indent + terminal.dim(l)));
      }
    }
  }

  private String mark(Capability row) {
    return switch (row.state()) {
      case OK -> terminal.good("ok  ");
      case DEGRADED -> terminal.warn("less");
      case UNAVAILABLE -> terminal.bad("no  ");
    };
  }
}
