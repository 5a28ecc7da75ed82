package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.core.report.Paragraph;
import dev.whatif.core.report.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The regions of one measure as a table that fits a terminal: the narrow one has one number for
 * each speedup, the wide one intervals and the verdict beside them. All effects are in percent.
 */
final class RankingTable {

  /** From this width on there is room for intervals and verdicts. */
  private static final int WIDE = 120;

  private static final List<Double> QUARTERS = List.of(0.25, 0.5, 0.75, 1.0);
  private static final int LONGEST_CURVE = 10;
  private static final int EFFECT = 5;
  private static final int HALF = 5;
  private static final int RANK = 3;
  private static final int VERDICT = 38;
  private static final int NARROWEST_NAME = 12;

  private final List<SpeedupCurve> curves;
  private final Terminal terminal;
  private final int top;
  private final boolean wide;
  private final List<Double> columns;
  private final int curveWidth;
  private final Sparkline sparkline;
  private final String plusMinus;

  /** Lays out the curves, which are ranked. */
  RankingTable(List<SpeedupCurve> curves, Terminal terminal, int top, boolean symbols) {
    this.curves = curves;
    this.terminal = terminal;
    this.top = top;
    this.wide = terminal.columns() >= WIDE;
    List<Double> speedups =
        curves.stream()
            .flatMap(c -> c.points().stream())
            .map(CurvePoint::speedup)
            .filter(s -> s > 0)
            .distinct()
            .sorted()
            .toList();
    this.columns = columns(speedups);
    List<Double> drawn = speedups.size() <= LONGEST_CURVE ? speedups : columns;
    this.curveWidth = symbols && drawn.size() > 1 ? drawn.size() : 0;
    this.sparkline = new Sparkline(curves, drawn);
    this.plusMinus = symbols ? "±" : "~";
  }

  /** The four speedups that stand for all. */
  private static List<Double> columns(List<Double> speedups) {
    if (speedups.size() <= QUARTERS.size()) {
      return speedups;
    }
    return QUARTERS.stream()
        .map(q ->
            speedups.stream()
                .min((a, b) -> Double.compare(Math.abs(a - q), Math.abs(b - q)))
                .orElse(q))
        .distinct()
        .toList();
  }

  /** What is known of a curve at a speedup. */
  static Optional<CurvePoint> at(SpeedupCurve curve, double speedup) {
    return curve.points().stream().filter(p -> p.speedup() == speedup).findFirst();
  }

  /** The table, without a title. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(terminal.dim(heading()));
    int rank = 0;
    for (SpeedupCurve curve : curves.stream().limit(top).toList()) {
      String number = curve.significant() ? ++rank + "." : "-";
      lines.add(row(number, curve));
      remarks(curve)
          .flatMap(r -> Paragraph.lines(r, terminal.columns() - nameColumn()).stream())
          .forEach(l -> lines.add(terminal.dim(" ".repeat(indent()) + l)));
    }
    return lines;
  }

  private Stream<String> remarks(SpeedupCurve curve) {
    boolean verdict =
        !wide
            && curve.significant()
            && (curve.shape() == SpeedupCurve.Shape.PLATEAU
                || curve.shape() == SpeedupCurve.Shape.CONTENTION);
    boolean tooLittle = !wide && curve.shape() == SpeedupCurve.Shape.UNKNOWN;
    return Stream.of(
            verdict || tooLittle ? Sentences.verdict(curve) : "", Terminal.clean(curve.remark()))
        .filter(s -> !s.isEmpty());
  }

  private int indent() {
    return 1 + RANK + 1;
  }

  private int nameColumn() {
    return indent();
  }

  private int cell() {
    return wide ? EFFECT + 1 + HALF + 1 : EFFECT + 1;
  }

  private int nameWidth() {
    int before =
        indent()
            + (EFFECT + 1 + HALF + 1)
            + columns.size() * cell()
            + (2 + EFFECT + 2)
            + (curveWidth == 0 ? 0 : curveWidth + 2)
            + (wide ? VERDICT + 2 : 0);
    int longest = curves.stream().limit(top).mapToInt(c -> c.region().length()).max().orElse(0);
    int room = Math.max(NARROWEST_NAME, terminal.columns() - before);
    return Math.clamp(longest, Math.min(6, room), room);
  }

  private String heading() {
    StringBuilder b = new StringBuilder(" ".repeat(indent()));
    b.append(Terminal.left("impact", EFFECT + 1 + HALF + 1));
    for (double speedup : columns) {
      b.append(Terminal.left(Terminal.right(Numbers.whole(speedup), EFFECT), cell()));
    }
    b.append(Terminal.right("samples", 2 + EFFECT)).append("  ");
    if (curveWidth > 0) {
      b.append(Terminal.left(curveWidth < 5 ? "" : "curve", curveWidth)).append("  ");
    }
    b.append(wide ? Terminal.left("region", nameWidth()) + "  verdict" : "region");
    return b.toString().stripTrailing();
  }

  private String row(String rank, SpeedupCurve c) {
    StringBuilder numbers = new StringBuilder(" ");
    numbers.append(Terminal.right(rank, RANK)).append(' ');
    numbers.append(Terminal.right(Numbers.points(c.impact()), EFFECT)).append(' ');
    numbers.append(Terminal.left(half(c.impactInterval().halfWidth()), HALF)).append(' ');
    for (double speedup : columns) {
      numbers.append(at(c, speedup).map(this::effect).orElse(Terminal.left("    -", cell())));
    }
    numbers.append(Terminal.right(Numbers.percent(c.samplesFraction()), 2 + EFFECT)).append("  ");
    if (curveWidth > 0) {
      numbers.append(sparkline.of(c)).append("  ");
    }
    String name = Terminal.elideMiddle(Terminal.clean(c.region()), nameWidth());
    if (!wide) {
      return styled(c, (numbers + name).stripTrailing());
    }
    String line = numbers + Terminal.left(name, nameWidth()) + "  " + Sentences.verdict(c);
    return styled(c, line.stripTrailing());
  }

  private String effect(CurvePoint p) {
    String effect = Terminal.right(Numbers.points(p.effect()), EFFECT);
    String text = wide ? effect + " " + half(p.interval().halfWidth()) : effect;
    return Terminal.left(text, cell());
  }

  private String half(double halfWidth) {
    return Double.isFinite(halfWidth) ? plusMinus + Numbers.tenth(halfWidth) : "";
  }

  private String styled(SpeedupCurve c, String line) {
    if (!c.significant()) {
      return terminal.dim(line);
    }
    return c.impact() < 0 ? terminal.bad(line) : terminal.strong(line);
  }
}
