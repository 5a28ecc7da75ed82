package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.SpeedupCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Curves with their bands as SVG, all of one ranking on the same scale. */
final class CurvePlot {

  private static final int WIDTH = 620;
  private static final int HEIGHT = 380;
  private static final int LEFT = 58;
  private static final int RIGHT = 16;
  private static final int TOP = 14;
  private static final int BOTTOM = 46;
  private static final int SMALL_WIDTH = 190;
  private static final int SMALL_HEIGHT = 84;
  private static final double SMALL_MARGIN = 4;

  private final List<SpeedupCurve> curves;
  private final Scale scale;

  CurvePlot(List<SpeedupCurve> curves) {
    this.curves = curves;
    double[] values =
        curves.stream()
            .flatMap(c -> c.points().stream())
            .flatMapToDouble(
                p -> DoubleStream.of(p.effect(), p.interval().low(), p.interval().high()))
            .toArray();
    this.scale = Scale.of(values);
  }

  /** How a curve is coloured: what it means, not how large it is. */
  static String kind(SpeedupCurve c) {
    if (!c.significant()) {
      return "none";
    }
    return c.impact() < 0 ? "loss" : "gain";
  }

  /** The plot of one region, big, with the others in the background. */
  Markup big(SpeedupCurve curve, String others) {
    Markup svg = new Markup();
    Frame frame = new Frame(LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM);
    svg.add(
        "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        WIDTH,
        HEIGHT,
        "what making " + curve.region() + " faster saves");
    for (double mark : scale.marks()) {
      double y = frame.y(scale.at(mark));
      svg.add(
          "<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
          Math.abs(mark) < 1e-9 ? "zero" : "grid",
          frame.left(),
          frame.right(),
          y,
          y);
      svg.add(
          "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
          frame.left() - 8.0,
          y + 4.0,
          mark(mark));
    }
    for (double speedup : List.of(0.0, 0.25, 0.5, 0.75, 1.0)) {
      svg.add(
          "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
          frame.x(speedup),
          frame.bottom() + 18.0,
          Numbers.whole(speedup));
    }
    svg.add(
        "<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">how much faster the region"
            + " is</text>",
        (frame.left() + frame.right()) / 2,
        HEIGHT - 6);
    svg.add("<use href=\"#{}\"/>", others);
    promise(svg, frame, curve, true);
    drawn(svg, frame, curve, true);
    return svg.add("</svg>");
  }

  private String mark(double value) {
    int digits = scale.step() < 0.01 ? 1 : 0;
    String text = String.format(Locale.ROOT, "%." + digits + "f", 100 * value);
    return (value > 1e-9 ? "+" + text : Math.abs(value) < 1e-9 ? "0" : text) + "%";
  }

  /** What the share of the samples lets people expect: a straight line. */
  private void promise(Markup svg, Frame frame, SpeedupCurve curve, boolean named) {
    double share = curve.samplesFraction();
    if (!Double.isFinite(share) || share <= 0) {
      return;
    }
    double until = Math.min(1, scale.high() / share);
    svg.add(
        "<line class=\"promise\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
        frame.x(0),
        frame.y(scale.at(0)),
        frame.x(until),
        frame.y(scale.at(share * until)));
    if (named) {
      svg.add(
          "<text class=\"promised\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{} of the samples</text>",
          frame.x(until),
          frame.y(scale.at(share * until)) - 7,
          Numbers.percent(share));
    }
  }

  /** All curves as faint lines, to be drawn behind each of them. */
  Markup others(String id) {
    Frame frame = new Frame(LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM);
    Markup svg = new Markup().add("<svg class=\"defs\" aria-hidden=\"true\"><g id=\"{}\">", id);
    for (SpeedupCurve c : curves) {
      svg.add("<path class=\"other\" d=\"{}\"/>", line(frame, finite(c)));
    }
    return svg.add("</g></svg>");
  }

  /** The plot of one region, without numbers. */
  Markup small(SpeedupCurve curve) {
    Frame frame =
        new Frame(
            SMALL_MARGIN, SMALL_MARGIN, SMALL_WIDTH - SMALL_MARGIN, SMALL_HEIGHT - SMALL_MARGIN);
    Markup svg =
        new Markup()
            .add("<svg viewBox=\"0 0 {} {}\" aria-hidden=\"true\">", SMALL_WIDTH, SMALL_HEIGHT);
    double zero = frame.y(scale.at(0));
    svg.add(
        "<line class=\"zero\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
        frame.left(),
        frame.right(),
        zero,
        zero);
    promise(svg, frame, curve, false);
    drawn(svg, frame, curve, false);
    return svg.add("</svg>");
  }

  private void drawn(Markup svg, Frame frame, SpeedupCurve curve, boolean dots) {
    List<CurvePoint> points = finite(curve);
    svg.add("<g class=\"{}\">", kind(curve));
    svg.add("<path class=\"band\" d=\"{}\"/>", band(frame, points));
    svg.add("<path class=\"line\" d=\"{}\"/>", line(frame, points));
    if (dots) {
      for (CurvePoint p : points) {
        svg.add(
            "<circle cx=\"{}\" cy=\"{}\" r=\"4\"><title>{}</title></circle>",
            frame.x(p.speedup()),
            frame.y(scale.at(p.effect())),
            "%s faster: %s (%s to %s), %s visits in %d experiments"
                .formatted(
                    Numbers.whole(p.speedup()),
                    Numbers.signed(p.effect()),
                    Numbers.signed(p.interval().low()),
                    Numbers.signed(p.interval().high()),
                    Numbers.count(p.visits()),
                    p.experiments()));
      }
    }
    svg.add("</g>");
  }

  /** What can be drawn; nothing made faster is no effect. */
  private static List<CurvePoint> finite(SpeedupCurve curve) {
    return curve.points().stream()
        .filter(p -> p.speedup() > 0 && Double.isFinite(p.effect()))
        .toList();
  }

  private String line(Frame frame, List<CurvePoint> points) {
    StringBuilder d = new StringBuilder("M").append(frame.point(0, scale.at(0)));
    points.forEach(p -> d.append('L').append(frame.point(p.speedup(), scale.at(p.effect()))));
    return points.isEmpty() ? "" : d.toString();
  }

  private String band(Frame frame, List<CurvePoint> points) {
    List<CurvePoint> known =
        points.stream()
            .filter(
                p -> Double.isFinite(p.interval().low()) && Double.isFinite(p.interval().high()))
            .toList();
    if (known.isEmpty()) {
      return "";
    }
    List<String> corners = new ArrayList<>();
    corners.add(frame.point(0, scale.at(0)));
    known.forEach(p -> corners.add(frame.point(p.speedup(), scale.at(p.interval().high()))));
    known
        .reversed()
        .forEach(p -> corners.add(frame.point(p.speedup(), scale.at(p.interval().low()))));
    return "M" + String.join("L", corners) + "Z";
  }

  /** Where a plot lies in its picture, in pixels. */
  private record Frame(double left, double top, double right, double bottom) {

    double x(double fraction) {
      return left + fraction * (right - left);
    }

    double y(double fraction) {
      return bottom - fraction * (bottom - top);
    }

    String point(double x, double y) {
      return String.format(Locale.ROOT, "%.1f %.1f", x(x), y(y));
    }
  }
}
