package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.SpeedupCurve;
import java.util.Comparator;
import java.util.List;

/** The ranking of a page. */
final class RankingRows {

  private final ProgressProfile progress;
  private final List<SpeedupCurve> curves;
  private final double middle;
  private final double largest;

  /** Some of the curves of a ranking, its first ones. */
  RankingRows(ProgressProfile progress, List<SpeedupCurve> curves) {
    this.progress = progress;
    this.curves = curves;
    List<Double> speedups =
        curves.stream()
            .flatMap(c -> c.points().stream())
            .map(CurvePoint::speedup)
            .distinct()
            .toList();
    this.largest = speedups.stream().max(Comparator.naturalOrder()).orElse(1.0);
    this.middle =
        speedups.stream()
            .min(Comparator.comparingDouble(s -> Math.abs(s - largest / 2)))
            .orElse(0.5);
  }

  /** Adds the table. */
  void table(Markup page) {
    page.add(
        "<div><table><thead><tr><th class=\"rank\"></th><th class=\"region\">region</th>"
            + "<th>impact</th><th>at {}</th><th>at {}</th><th>samples</th></tr></thead><tbody>\n",
        Numbers.whole(middle),
        Numbers.whole(largest));
    int rank = 0;
    for (int i = 0; i < curves.size(); i++) {
      SpeedupCurve c = curves.get(i);
      String kind = CurvePlot.kind(c);
      page.add(
          "<tr class=\"pick {}\" data-region=\"{}\" tabindex=\"0\"><td class=\"rank\">{}</td>",
          kind,
          i,
          kind.equals("gain") ? ++rank + "." : kind.equals("loss") ? "!" : "");
      page.add(
          "<td class=\"region\"><span class=\"name\" title=\"{}\">{}</span><span class=\"said\">{}</span></td>",
          c.region(),
          c.region(),
          Sentences.said(c));
      page.add(
          "<td class=\"impact\">{}<small>{}</small></td>",
          Numbers.signed(c.impact()),
          Numbers.half(c.impactInterval()));
      effect(page, c, middle);
      effect(page, c, largest);
      page.add("<td>{}</td></tr>\n", Numbers.percent(c.samplesFraction()));
    }
    page.add("</tbody></table>\n");
    int left = progress.curves().size() - curves.size();
    if (left > 0) {
      page.add("<p class=\"about\">{} more regions in the recording</p>", Numbers.count(left));
    }
    page.add("</div>\n");
  }

  private static void effect(Markup page, SpeedupCurve c, double speedup) {
    RankingTable.at(c, speedup)
        .ifPresentOrElse(
            p ->
                page.add(
                    "<td>{}<small>{}</small></td>",
                    Numbers.signed(p.effect()),
                    Numbers.half(p.interval())),
            () -> page.add("<td></td>"));
  }
}
