package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page is whole, harmless and needs nobody. */
class CausalHtmlTest {

  static {
    // tests live in the module, which itself has no use for XML
    Module xml = ModuleLayer.boot().findModule("java.xml").orElseThrow();
    CausalHtmlTest.class.getModule().addReads(xml);
  }

  /** The body is well-formed XML, too: whatever a name tried, it did not change the structure. */
  private static Document body(CausalRun run) throws Exception {
    String page = CausalHtml.page(run);
    int from = page.indexOf("<body>");
    String body = page.substring(from, page.indexOf("<script>", from)) + "</body>";
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(body)));
  }

  private static int count(Document body, String tag, String marker) {
    NodeList all = body.getElementsByTagName(tag);
    int found = 0;
    for (int i = 0; i < all.getLength(); i++) {
      var name = all.item(i).getAttributes().getNamedItem("class");
      if (name != null
          && Pattern.compile("\\b" + marker + "\\b").matcher(name.getNodeValue()).find()) {
        found++;
      }
    }
    return found;
  }

  @Test
  void everyRegionHasARowACardAndACurve() throws Exception {
    Document body = body(ExampleRuns.redis());
    int regions = 10 + 4 + 2;
    assertThat(count(body, "tr", "pick")).isEqualTo(regions);
    assertThat(count(body, "li", "pick")).isEqualTo(regions);
    assertThat(count(body, "figure", "big")).isEqualTo(regions);
    assertThat(count(body, "figure", "scatter")).isEqualTo(3);
    assertThat(count(body, "tr", "gain")).isEqualTo(4 + 4 + 2);
    assertThat(count(body, "tr", "loss")).isEqualTo(1);
    assertThat(body.getDocumentElement().getTextContent())
        .contains(ExampleRuns.LONG_NAME, "Making dictFind 50% faster", "plateau at 50%");
  }

  @Test
  void namesCannotBecomeMarkup() throws Exception {
    Document body = body(ExampleRuns.hostile());
    assertThat(body.getElementsByTagName("img").getLength()).isZero();
    assertThat(body.getElementsByTagName("script").getLength()).isZero();
    assertThat(body.getDocumentElement().getTextContent()).contains("</script><img src=x");
    String page = CausalHtml.page(ExampleRuns.hostile());
    assertThat(page).doesNotContain("<img", "\u001b").containsOnlyOnce("</script>");
  }

  @Test
  void nothingIsFetched() {
    String page = CausalHtml.page(ExampleRuns.redis());
    assertThat(page)
        .contains("default-src 'none'", "prefers-color-scheme: dark")
        .doesNotContain("http:", "https:", "@import", "url(", " src=");
  }

  @Test
  void refusalsAndRunsWithoutResultsArePagesToo() throws Exception {
    assertThat(body(ExampleRuns.refused()).getDocumentElement().getTextContent())
        .contains("No ranking", "progress is limited by arrivals");
    assertThat(body(ExampleRuns.withoutExperiments()).getDocumentElement().getTextContent())
        .contains("no experiment was made in 3 s");
    assertThat(count(body(ExampleRuns.single()), "figure", "scatter")).isZero();
  }

  @Test
  void scalesEndAtRoundNumbers() {
    assertThat(Scale.of(0.33, -0.11)).isEqualTo(new Scale(-0.2, 0.4, 0.1));
    assertThat(Scale.of(Double.NaN)).isEqualTo(new Scale(0, 0.02, 0.005));
    Scale wide = Scale.of(-5, 7);
    assertThat(wide.low()).isEqualTo(-2);
    assertThat(wide.high()).isEqualTo(1);
    assertThat(wide.at(100)).isEqualTo(1);
    assertThat(Scale.of(0.33, -0.11).marks()).hasSize(7);
  }
}
