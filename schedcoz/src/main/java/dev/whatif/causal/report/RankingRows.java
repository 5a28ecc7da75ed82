package dev.whatif.causal.report;

import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.SpeedupCurve;
import java.util.List;

/** The ranking of a page. */
final class RankingRows {

  private final ProgressProfile progress;
  private final List<SpeedupCurve> curves;

  /** Some of the curves of a ranking, its first ones. */
  RankingRows(ProgressProfile progress, List<SpeedupCurve> curves) {
    this.progress = progress;
    this.curves = curves;
  }

  /** Adds the table. */
  void table(Markup page) {
    page.add(
        "<div><table><thead><tr><th class=\"rank\"></th><th class=\"region\">region</th>"
            + "<th>impact</th><th>at 50%</th><th>at most</th><th>samples</th></tr></thead><tbody>\n");
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
          "<td class=\"impact\">{}<br><small>{}</small></td>",
          Numbers.signed(c.impact()),
          "±" + Numbers.tenth(c.impactInterval().halfWidth()));
      effect(page, c, 0.5);
      effect(page, c, c.points().stream().mapToDouble(p -> p.speedup()).max().orElse(1));
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
                    "<td>{}<br><small>{}</small></td>",
                    Numbers.signed(p.effect()),
                    "±" + Numbers.tenth(p.interval().halfWidth())),
            () -> page.add("<td></td>"));
  }
}
