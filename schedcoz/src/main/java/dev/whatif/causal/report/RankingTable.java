package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.core.report.Paragraph;
import dev.whatif.core.report.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** The table with a remark below each region that has one; without a title. */
  List<String> lines() {
    return lines(true);
  }

  /** A line for each region. */
  List<String> withoutRemarks() {
    return lines(false);
  }

  private List<String> lines(boolean remarks) {
    List<String> lines = new ArrayList<>();
    lines.add(terminal.dim(heading()));
    int rank = 0;
    for (SpeedupCurve curve : curves.stream().limit(top).toList()) {
      String number = !curve.significant() ? "-" : curve.impact() < 0 ? "!" : ++rank + ".";
      lines.add(row(number, curve));
      String remark = remarks ? remark(curve) : "";
      if (!remark.isEmpty()) {
        Paragraph.lines(remark, terminal.columns() - indent() - 1)
            .forEach(l -> lines.add(terminal.dim(" ".repeat(indent() + 1) + l)));
      }
    }
    return lines;
  }

  /** What the table itself does not say; the wide one has the verdict beside the name. */
  private String remark(SpeedupCurve curve) {
    if (wide) {
      return Terminal.clean(curve.remark());
    }
    boolean unusual =
        switch (curve.shape()) {
          case PLATEAU, CONTENTION -> curve.significant();
          case UNKNOWN -> true;
          case FLAT, RISING -> false;
        };
    return unusual || !curve.remark().isEmpty() ? Sentences.said(curve) : "";
  }

  private int indent() {
    return 1 + RANK + 1;
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
            + (wide ? 2 + verdictWidth() : 0);
    int longest = curves.stream().limit(top).mapToInt(c -> c.region().length()).max().orElse(0);
    int room = Math.max(NARROWEST_NAME, terminal.columns() - before);
    return Math.clamp(longest, Math.min(6, room), room);
  }

  private int verdictWidth() {
    return curves.stream().limit(top).mapToInt(c -> Sentences.verdict(c).length()).max().orElse(0);
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
    String name = Numbers.region(c.region(), nameWidth());
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
