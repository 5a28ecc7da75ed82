package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.ExportFormat;
import dev.whatif.core.report.ReportFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A causal profile as one HTML file: style, script and pictures inside, nothing is fetched, and the
 * page forbids it. Without script everything is there except for the big curves of all regions but
 * the first.
 */
public final class CausalHtml implements ExportFormat {

  /** More would make a page that nobody reads to its end. */
  private static final int MOST_REGIONS = 60;

  private static final String HOW_TO_READ =
      "<p class=\"how\">A curve says how much less time progress would take if a region were that"
          + " much faster (50% faster: half of its time); the band is the 95% interval, and every"
          + " point comes from experiments on the running program. The dashed line is what its"
          + " share of the CPU samples promises: a curve above it is worth more than a CPU profile"
          + " shows, one below it less.</p>";

  /** For the service loader. */
  public CausalHtml() {}

  @Override
  public String format() {
    return "causal-html";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public void write(Recording recording, ReportFilter filter, OutputStream out) throws IOException {
    CausalRun run = CausalReading.of(recording).analysed();
    if (run.observations().isEmpty() && run.profile().isEmpty()) {
      throw new UsageException(
          "the recording has no causal profile", "make one: whatif causal -p PID --progress PLACE");
    }
    out.write(page(run).getBytes(StandardCharsets.UTF_8));
  }

  /** The whole page. */
  static String page(CausalRun run) {
    String title = run.target().isEmpty() ? "Causal profile" : "Causal profile of " + run.target();
    Markup page = new Markup();
    page.add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.add(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
            + " style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
    page.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.add("<title>{}</title>\n<style>\n", title);
    page.add(resource("causal.css"));
    page.add("</style>\n</head>\n<body>\n<header><h1>{}</h1>", title);
    page.add("<p class=\"about\">{}</p>\n", Sentences.about(run));
    boolean curves =
        run.profile().stream()
            .flatMap(p -> p.progress().stream())
            .anyMatch(p -> !p.curves().isEmpty());
    page.add(curves ? HOW_TO_READ : "").add("</header>\n");
    run.profile()
        .ifPresentOrElse(
            p -> profile(page, run, p),
            () ->
                page.add(
                    "<section><p class=\"refusal\"><strong>No result</strong>{}</p></section>",
                    Sentences.UNFINISHED));
    page.add("<footer>whatif, seed {}</footer>\n<script>\n", run.facts().seed());
    page.add(resource("causal.js"));
    return page.add("</script>\n</body>\n</html>\n").toString();
  }

  private static void profile(Markup page, CausalRun run, CausalProfile profile) {
    List<ProgressProfile> all = profile.progress();
    for (int i = 0; i < all.size(); i++) {
      progress(page, all.get(i), i);
    }
    page.add("<section><h2>How far to trust it</h2>\n<dl class=\"quality\">");
    for (Trust.Fact fact : Trust.facts(run, profile)) {
      page.add(
          "<dt>{}</dt><dd class=\"{}\">{}</dd>\n",
          fact.name(),
          fact.bad() ? "bad" : "fine",
          fact.said());
    }
    page.add("</dl>\n");
    if (!run.warnings().isEmpty()) {
      page.add("<ul class=\"warnings\">");
      run.warnings().forEach(w -> page.add("<li>{}</li>", w));
      page.add("</ul>");
    }
    page.add("</section>\n");
  }

  private static void progress(Markup page, ProgressProfile p, int number) {
    String measure = Sentences.measure(p.measure());
    page.add(
        "<section class=\"ranking\"><h2>{} of {}</h2><p class=\"baseline\">{}</p>\n",
        measure.substring(0, 1).toUpperCase(Locale.ROOT) + measure.substring(1),
        p.point(),
        Sentences.baseline(p));
    if (!p.refusal().isEmpty() || p.curves().isEmpty()) {
      page.add(
          "<p class=\"refusal\"><strong>No ranking</strong>{}</p></section>\n",
          p.refusal().isEmpty() ? Sentences.NOTHING_TRIED : p.refusal());
      return;
    }
    page.add("<ul class=\"findings\">");
    Sentences.findings(p).forEach(f -> page.add("<li>{}</li>", f));
    page.add("</ul>\n<div class=\"beside\">\n");
    List<SpeedupCurve> curves = p.curves().stream().limit(MOST_REGIONS).toList();
    new RankingRows(p, curves).table(page);
    CurvePlot plot = new CurvePlot(curves);
    String others = "others-" + number;
    page.add("<div>");
    page.add(plot.others(others));
    for (int i = 0; i < curves.size(); i++) {
      SpeedupCurve c = curves.get(i);
      page.add("<figure class=\"big\" data-region=\"{}\"", i)
          .add(i == 0 ? ">" : " hidden=\"hidden\">");
      page.add(
          "<figcaption>{}<small>{}</small></figcaption>",
          c.region(),
          "saved " + Sentences.saved(p.measure()));
      page.add(plot.big(c, others)).add("</figure>\n");
    }
    page.add("</div></div>\n");
    if (curves.size() > 1) {
      page.add("<div class=\"beside\">\n");
      cards(page, curves, plot);
      scatter(page, p, new ScatterPlot(curves));
      page.add("</div>\n");
    }
    page.add("</section>\n");
  }

  /** Characters that fit beside a number: there the function tells more than its object. */
  private static final int CARD_WIDTH = 15;

  private static void cards(Markup page, List<SpeedupCurve> curves, CurvePlot plot) {
    page.add("<div><h3>All curves<small>on one scale</small></h3>\n<ul class=\"cards\">");
    for (int i = 0; i < curves.size(); i++) {
      SpeedupCurve c = curves.get(i);
      page.add(
          "<li class=\"pick {}\" data-region=\"{}\" title=\"{}\"><div><span"
              + " class=\"name\">{}</span><b>{}</b></div>",
          CurvePlot.kind(c),
          i,
          c.region(),
          Numbers.region(c.region(), CARD_WIDTH),
          Numbers.signed(c.impact()));
      page.add(plot.small(c)).add("</li>\n");
    }
    page.add("</ul></div>\n");
  }

  private static void scatter(Markup page, ProgressProfile p, ScatterPlot scatter) {
    if (scatter.isWorthIt()) {
      page.add(
          "<figure class=\"scatter\"><h3>Samples against gain<small>saved {} at the largest"
              + " speedup</small></h3>\n",
          Sentences.saved(p.measure()));
      page.add(scatter.svg()).add("</figure>\n");
    }
  }

  private static String resource(String name) {
    try (InputStream in = CausalHtml.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
