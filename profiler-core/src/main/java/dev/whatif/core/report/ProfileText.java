package dev.whatif.core.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints a {@link Profile} as tables that fit a terminal. */
public final class ProfileText {

  private static final int PERCENT = 6;
  private static final int GAP = 2;
  private static final int BEFORE_NAME = GAP + PERCENT + GAP + PERCENT + GAP;

  private final Profile profile;
  private final Terminal terminal;
  private final int top;
  private final PrintWriter out;

  /** Nothing is printed before {@link #print()}. */
  public ProfileText(Profile profile, Terminal terminal, int top, PrintWriter out) {
    this.profile = profile;
    this.terminal = terminal;
    this.top = top;
    this.out = out;
  }

  /** Prints functions, lines and threads. */
  public void print() {
    functions();
    lines();
    threads();
  }

  private void functions() {
    List<FunctionCost> rows = profile.functions().stream().limit(top).toList();
    int objectWidth = rows.stream().mapToInt(f -> f.object().length()).max().orElse(0);
    objectWidth = Math.clamp(objectWidth, 6, Math.max(10, terminal.columns() / 4));
    int longest = rows.stream().mapToInt(f -> f.function().length()).max().orElse(0);
    int nameWidth = Math.clamp(longest, 8, terminal.columns() - BEFORE_NAME - GAP - objectWidth);
    heading(
        "hottest functions",
        profile.functions().size(),
        "%s  %s  %s  %s"
            .formatted(
                Terminal.right("self", PERCENT),
                Terminal.right("total", PERCENT),
                Terminal.left("function", nameWidth),
                "object"));
    for (FunctionCost f : rows) {
      String name = Terminal.elideMiddle(Terminal.clean(f.function()), nameWidth);
      String object = Terminal.elideMiddle(Terminal.clean(f.object()), objectWidth);
      row(f.self(), f.total(), Terminal.left(name, nameWidth) + "  " + terminal.dim(object));
    }
  }

  private void lines() {
    List<LineCost> rows = profile.lines().stream().filter(l -> l.self() > 0).limit(top).toList();
    if (rows.isEmpty()) {
      return;
    }
    long different = profile.lines().stream().filter(l -> l.self() > 0).count();
    int room = terminal.columns() - BEFORE_NAME - GAP;
    int longest = rows.stream().mapToInt(l -> place(l).length()).max().orElse(0);
    int placeWidth = Math.clamp(longest, 8, room * 3 / 5);
    int functionWidth = room - placeWidth;
    heading(
        "hottest lines",
        different,
        "%s  %s  %s  %s"
            .formatted(
                Terminal.right("self", PERCENT),
                Terminal.right("total", PERCENT),
                Terminal.left("line", placeWidth),
                "function"));
    for (LineCost l : rows) {
      row(
          l.self(),
          l.total(),
          Terminal.left(Terminal.elidePath(Terminal.clean(place(l)), placeWidth), placeWidth)
              + "  "
              + terminal.dim(Terminal.elideMiddle(Terminal.clean(l.function()), functionWidth)));
    }
  }

  private void threads() {
    List<ThreadCost> rows = profile.threads().stream().limit(top).toList();
    if (rows.size() < 2) {
      return; // one thread: the tables above are its
    }
    boolean manyProcesses =
        profile.threads().stream().mapToInt(ThreadCost::processId).distinct().count() > 1;
    heading(
        "threads",
        profile.threads().size(),
        "%s  %s  %s"
            .formatted(
                Terminal.right("share", PERCENT),
                Terminal.right("tid", PERCENT + 2),
                manyProcesses ? "thread (process)" : "thread"));
    for (ThreadCost t : rows) {
      String name =
          Terminal.clean(t.name())
              + (manyProcesses
                  ? " (%s %d)".formatted(Terminal.clean(t.processName()), t.processId())
                  : "");
      out.println(
          "  "
              + percent(t.samples())
              + "  "
              + Terminal.right(Long.toString(t.threadId()), PERCENT + 2)
              + "  "
              + Terminal.elideMiddle(name, terminal.columns() - 20));
    }
  }

  private void heading(String title, long different, String columns) {
    out.println();
    String shown =
        different > top ? "%d of %,d".formatted(top, different) : "%,d".formatted(different);
    out.println(terminal.strong(title) + terminal.dim("  (" + shown + ")"));
    out.println("  " + terminal.dim(columns.stripTrailing()));
  }

  private void row(long self, long total, String rest) {
    String text = percent(self);
    out.println(
        "  "
            + (profile.percent(self) >= 5 ? terminal.strong(text) : text)
            + "  "
            + percent(total)
            + "  "
            + rest.stripTrailing());
  }

  private String percent(long samples) {
    return Terminal.right(String.format(Locale.ROOT, "%.1f%%", profile.percent(samples)), PERCENT);
  }

  /** Grouped digits. */
  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String place(LineCost l) {
    return shortPath(l.file()) + ":" + l.line();
  }

  /** The last three components: enough to know the file, short enough to read. */
  static String shortPath(String path) {
    int from = path.length();
    for (int i = 0; i < 3 && from > 0; i++) {
      from = path.lastIndexOf('/', from - 1);
    }
    return from <= 0 ? path : path.substring(from + 1);
  }
}
