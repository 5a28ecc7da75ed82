package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.core.linux.WindowSize;
import dev.whatif.core.report.Paragraph;
import dev.whatif.core.report.Terminal;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A run while it goes on: on a terminal a ranking that is drawn in place, elsewhere a line every
 * now and then. Nothing of the terminal's state is changed between two calls, so that a kill leaves
 * it as it was; {@link #close} removes the picture. Confined to one thread.
 */
public final class LiveRanking implements AutoCloseable {

  /** Where the output goes. */
  enum Place {
    /** It can be drawn over. */
    TERMINAL,
    /** A log, or a pipe. */
    LOG,
    /** Nobody wants it. */
    NOWHERE
  }

  private static final long REDRAW_NANOS = 250_000_000L;
  private static final long LOG_NANOS = 10_000_000_000L;

  /** With the lines around them they fit the smallest usual terminal, 24 lines. */
  private static final int ROWS = 8;

  private static final int BAR = 20;

  /** Lines that are too long are cut by the terminal: a wrapped one could not be drawn over. */
  private static final String NO_WRAP = "\033[?7l";

  private static final String WRAP = "\033[?7h";

  private final PrintStream out;
  private final Place place;
  private final Terminal terminal;
  private final LongSupplier clock;
  private int drawn;
  private boolean shown;
  private long last;
  private String doing = "";

  /**
   * On stderr.
   *
   * @param wanted false for {@code --quiet}
   */
  public LiveRanking(boolean wanted) {
    this(System.err, place(wanted), terminal(), System::nanoTime);
  }

  LiveRanking(PrintStream out, Place place, Terminal terminal, LongSupplier clock) {
    this.out = out;
    this.place = place;
    this.terminal = terminal;
    this.clock = clock;
  }

  private static Place place(boolean wanted) {
    if (!wanted) {
      return Place.NOWHERE;
    }
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    return WindowSize.columns(2) >= 0 && !dumb ? Place.TERMINAL : Place.LOG;
  }

  private static Terminal terminal() {
    int columns = WindowSize.columns(2);
    boolean colour = System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(columns > 0 ? columns : 80, colour);
  }

  /** Shows how far it is; what comes too soon after the last time is left out. */
  public void show(LiveState state) {
    if (place == Place.NOWHERE) {
      return;
    }
    long now = clock.getAsLong();
    boolean news = !shown || !state.doing().equals(doing);
    long pause = place == Place.TERMINAL ? REDRAW_NANOS : LOG_NANOS;
    if (!news && now - last < pause) {
      return;
    }
    shown = true;
    last = now;
    doing = state.doing();
    if (place == Place.LOG) {
      out.println(logged(state));
      out.flush();
    } else {
      draw(lines(state));
    }
  }

  /** Prints a line that stays, above the picture. */
  public void say(String line) {
    if (place == Place.NOWHERE) {
      return;
    }
    erase();
    out.println(line);
    out.flush();
    shown = false;
  }

  private void draw(List<String> lines) {
    StringBuilder picture = new StringBuilder(back()).append(NO_WRAP);
    lines.forEach(l -> picture.append(l).append('\n'));
    out.print(picture.append(WRAP));
    out.flush();
    drawn = lines.size();
  }

  /** To the beginning of the picture, which is cleared with all that was typed below it. */
  private String back() {
    return drawn == 0 ? "\r\033[J" : "\r\033[" + drawn + "A\033[J";
  }

  private void erase() {
    if (drawn > 0) {
      out.print(back());
      out.flush();
      drawn = 0;
    }
  }

  /** Removes the picture. */
  @Override
  public void close() {
    erase();
  }

  private static String logged(LiveState state) {
    List<String> parts = new ArrayList<>();
    parts.add(time(state));
    if (!state.doing().isEmpty()) {
      parts.add(state.doing());
    }
    parts.add(Numbers.count(state.experiments()) + " experiments");
    if (Double.isFinite(state.visitsPerSecond())) {
      parts.add(Numbers.rate(state.visitsPerSecond()) + " visits/s");
    }
    best(state)
        .ifPresent(c ->
            parts.add(
                "first is %s, impact %s ±%s"
                    .formatted(
                        Numbers.name(c.region()),
                        Numbers.signed(c.impact()),
                        Numbers.tenth(c.impactInterval().halfWidth()))));
    return String.join(", ", parts);
  }

  private static Optional<SpeedupCurve> best(LiveState state) {
    return ranking(state)
        .flatMap(
            p -> p.curves().stream().filter(c -> c.significant() && c.impact() > 0).findFirst());
  }

  private static Optional<ProgressProfile> ranking(LiveState state) {
    return state.profile().map(CausalProfile::progress).flatMap(p -> p.stream().findFirst());
  }

  private static String time(LiveState state) {
    double elapsed = state.elapsedNanos() / 1e9;
    return state.totalNanos() == Long.MAX_VALUE
        ? String.format(Locale.ROOT, "%.0f s", elapsed)
        : String.format(Locale.ROOT, "%.0f of %.0f s", elapsed, state.totalNanos() / 1e9);
  }

  private List<String> lines(LiveState state) {
    List<String> lines = new ArrayList<>();
    String status = bar(state) + time(state);
    status += ", " + Numbers.count(state.experiments()) + " experiments";
    if (Double.isFinite(state.visitsPerSecond())) {
      status += ", " + Numbers.rate(state.visitsPerSecond()) + " visits/s";
    }
    lines.add(terminal.strong(status));
    String what = state.doing().isEmpty() ? state.trying() : state.doing();
    lines.add(terminal.dim(Terminal.elideMiddle(what, terminal.columns() - 1)));
    Optional<ProgressProfile> ranking = ranking(state);
    ranking.ifPresent(p -> ranking(p, lines));
    if (state.doing().isEmpty()
        && ranking.filter(p -> !p.curves().isEmpty() || !p.refusal().isEmpty()).isEmpty()) {
      lines.add("too early to rank");
    }
    boolean settled = state.profile().filter(CausalProfile::settled).isPresent();
    lines.add(
        terminal.dim(
            settled
                ? "the first three places are settled; Ctrl-C ends it and shows the result"
                : "Ctrl-C ends it and shows what is known so far"));
    return lines;
  }

  private void ranking(ProgressProfile p, List<String> lines) {
    if (!p.refusal().isEmpty()) {
      Paragraph.lines("no ranking so far: " + Terminal.clean(p.refusal()), terminal.columns() - 1)
          .forEach(l -> lines.add(terminal.warn(l)));
      return;
    }
    if (!p.curves().isEmpty()) {
      String title = Sentences.measure(p.measure()) + " of " + Terminal.clean(p.point());
      lines.add(Terminal.elideMiddle(title, terminal.columns() - 1));
      lines.addAll(
          new RankingTable(p.curves(), terminal, ROWS, Sparkline.isPossible()).withoutRemarks());
    }
  }

  private static String bar(LiveState state) {
    if (state.totalNanos() == Long.MAX_VALUE || state.totalNanos() <= 0) {
      return "";
    }
    double part = Math.clamp((double) state.elapsedNanos() / state.totalNanos(), 0, 1);
    int full = (int) Math.round(part * BAR);
    return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] ";
  }
}
