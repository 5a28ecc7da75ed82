package dev.whatif.ebpf.command;

import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.kernel.TestRun;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.object.ProgramType;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What a program returned and changed, for people. */
record RunText(Terminal terminal, PrintWriter out) {

  private static final int BYTES_PER_LINE = 16;
  private static final int MOST_LINES = 32;

  /** The verdicts of {@code enum xdp_action} (include/uapi/linux/bpf.h). */
  private static final List<String> XDP =
      List.of("XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT");

  private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

  void print(ProgramDefinition program, byte[] memory, int repeat, TestRun run) {
    row("program", Terminal.clean(program.name() + " (" + program.section() + ")"));
    row("returned", returned(program.kind().type(), run.returned()));
    if (repeat > 1) {
      row(
          "mean time",
          String.format(
              Locale.ROOT, "%,d ns of %,d runs on the same memory", run.meanNanos(), repeat));
    }
    if (run.data().length > 0) {
      memory("packet", memory, run.data());
    }
    if (run.context().length > 0) {
      memory("context", memory, run.context());
    }
    out.flush();
  }

  private static String returned(ProgramType type, int r0) {
    String hex = "0x" + Integer.toHexString(r0);
    String meaning = "";
    if (type == ProgramType.XDP && r0 >= 0 && r0 < XDP.size()) {
      meaning = ", " + XDP.get(r0);
    } else if (r0 < 0) {
      meaning = ", " + r0 + " if signed";
    }
    return "%s (%s%s)".formatted(Integer.toUnsignedString(r0), hex, meaning);
  }

  /** The lines in which something has changed. */
  private void memory(String what, byte[] before, byte[] after) {
    int changed = Math.abs(after.length - before.length);
    for (int i = 0; i < Math.min(before.length, after.length); i++) {
      changed += before[i] == after[i] ? 0 : 1;
    }
    row(
        what,
        changed == 0
            ? "%,d bytes, unchanged".formatted(after.length)
            : "%,d bytes, %,d changed:".formatted(after.length, changed));
    int lines = 0;
    for (int at = 0; at < after.length; at += BYTES_PER_LINE) {
      int to = Math.min(at + BYTES_PER_LINE, after.length);
      if (Arrays.equals(after, at, to, before, Math.min(at, before.length), end(before, to))) {
        continue;
      }
      if (++lines > MOST_LINES) {
        out.println("  ...   (--json has all of it)");
        break;
      }
      out.println("  " + terminal.dim("%04x".formatted(at)) + "  " + bytes(before, after, at, to));
    }
  }

  private static int end(byte[] before, int to) {
    return Math.min(to, before.length);
  }

  private String bytes(byte[] before, byte[] after, int from, int to) {
    StringBuilder line = new StringBuilder();
    for (int i = from; i < to; i++) {
      String two = SPACED.toHexDigits(after[i]);
      boolean same = i < before.length && before[i] == after[i];
      line.append(i == from ? "" : " ").append(same ? two : terminal.strong(two));
    }
    return line.toString();
  }

  private void row(String name, String value) {
    out.println(Terminal.left(name, 11) + value);
  }
}
