package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.core.report.Terminal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a CPU profile shows against what is to be gained, as SVG: a region on the diagonal gains
 * what its share of the samples promises.
 */
final class ScatterPlot {

  private static final int WIDTH = 620;
  private static final int HEIGHT = 400;
  private static final double LEFT = 58;
  private static final double RIGHT = 604;
  private static final double TOP = 14;
  private static final double BOTTOM = 352;
  private static final double LABEL_HEIGHT = 14;
  private static final double LETTER_WIDTH = 6.6;
  private static final int LONGEST_LABEL = 26;
  private static final int MOST_LABELS = 12;

  private final List<Dot> dots;
  private final Scale shares;
  private final Scale gains;

  private record Dot(int index, SpeedupCurve curve, CurvePoint point) {}

  private record Box(double left, double top, double right, double bottom) {

    boolean meets(Box b) {
      return left < b.right && b.left < right && top < b.bottom && b.top < bottom;
    }
  }

  ScatterPlot(List<SpeedupCurve> curves) {
    List<Dot> all = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      int index = i;
      SpeedupCurve c = curves.get(i);
      last(c)
          .filter(p -> Double.isFinite(c.samplesFraction()))
          .ifPresent(p -> all.add(new Dot(index, c, p)));
    }
    dots = List.copyOf(all);
    shares = Scale.of(dots.stream().mapToDouble(d -> d.curve().samplesFraction()).toArray());
    gains = Scale.of(dots.stream().mapToDouble(d -> d.point().effect()).toArray());
  }

  /** The point at the largest speedup. */
  private static Optional<CurvePoint> last(SpeedupCurve c) {
    return c.points().stream()
        .filter(p -> Double.isFinite(p.effect()))
        .max(Comparator.comparingDouble(CurvePoint::speedup));
  }

  /** Two dots make a comparison. */
  boolean isWorthIt() {
    return dots.size() > 1;
  }

  Markup svg() {
    Markup svg = new Markup();
    svg.add(
        "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"samples against gain\">",
        WIDTH,
        HEIGHT);
    axes(svg);
    double end = Math.min(shares.high(), gains.high());
    svg.add(
        "<line class=\"promise\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
        x(0),
        y(0),
        x(end),
        y(end));
    for (Dot d : dots) {
      svg.add(
          "<circle class=\"{}\" data-region=\"{}\" cx=\"{}\" cy=\"{}\" r=\"5\"><title>{}</title></circle>",
          CurvePlot.kind(d.curve()),
          d.index(),
          x(d.curve().samplesFraction()),
          y(d.point().effect()),
          "%s: %s of the samples, %s at %s faster"
              .formatted(
                  d.curve().region(),
                  Numbers.percent(d.curve().samplesFraction()),
                  Numbers.signed(d.point().effect()),
                  Numbers.whole(d.point().speedup())));
    }
    labels(svg);
    return svg.add("</svg>");
  }

  private void axes(Markup svg) {
    for (double mark : gains.marks()) {
      svg.add(
          "<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
          Math.abs(mark) < 1e-9 ? "zero" : "grid",
          LEFT,
          RIGHT,
          y(mark),
          y(mark));
      svg.add(
          "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
          LEFT - 8,
          y(mark) + 4,
          mark(mark, gains.step()));
    }
    for (double mark : shares.marks()) {
      svg.add(
          "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
          x(mark),
          BOTTOM + 18,
          mark(mark, shares.step()));
    }
    svg.add(
        "<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">share of the CPU"
            + " samples</text>",
        (LEFT + RIGHT) / 2,
        BOTTOM + 40);
  }

  private static String mark(double value, double step) {
    double shown = Math.abs(value) < 1e-9 ? 0 : 100 * value;
    return String.format(Locale.ROOT, step < 0.01 ? "%.1f%%" : "%.0f%%", shown);
  }

  /** Names beside the dots that matter, the most important first, where there is room for them. */
  private void labels(Markup svg) {
    List<Box> taken = new ArrayList<>();
    for (Dot d : dots) {
      double x = x(d.curve().samplesFraction());
      double y = y(d.point().effect());
      taken.add(new Box(x - 5, y - 5, x + 5, y + 5));
    }
    dots.stream()
        .sorted(Comparator.comparingDouble(ScatterPlot::importance).reversed())
        .limit(MOST_LABELS)
        .forEach(d -> label(svg, d, taken));
  }

  private static double importance(Dot d) {
    double surprise = Math.abs(d.point().effect() - d.curve().samplesFraction());
    return (d.curve().significant() ? 1 : 0) + surprise;
  }

  private void label(Markup svg, Dot d, List<Box> taken) {
    String name = Terminal.elideMiddle(Terminal.clean(d.curve().region()), LONGEST_LABEL);
    double width = name.length() * LETTER_WIDTH;
    double x = x(d.curve().samplesFraction());
    double y = y(d.point().effect());
    for (double dy : new double[] {0, -12, 12, -24, 24}) {
      for (boolean right : new boolean[] {true, false}) {
        double left = right ? x + 9 : x - 9 - width;
        Box box = new Box(left, y + dy - LABEL_HEIGHT / 2, left + width, y + dy + LABEL_HEIGHT / 2);
        boolean inside =
            left >= LEFT && box.right() <= WIDTH && box.top() >= 0 && box.bottom() <= BOTTOM + 4;
        if (inside && taken.stream().noneMatch(box::meets)) {
          taken.add(box);
          svg.add(
              "<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>",
              right ? left : left + width,
              y + dy + 4,
              right ? "start" : "end",
              name);
          return;
        }
      }
    }
  }

  private double x(double share) {
    return LEFT + shares.at(share) * (RIGHT - LEFT);
  }

  private double y(double gain) {
    return BOTTOM - gains.at(gain) * (BOTTOM - TOP);
  }
}
