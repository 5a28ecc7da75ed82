package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.report.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader sees on a terminal. */
class CausalTextTest {

  private static String text(CausalRun run, Terminal terminal, int top, boolean symbols) {
    StringWriter out = new StringWriter();
    new CausalText(run, terminal, top, new PrintWriter(out, true), symbols).print();
    return out.toString();
  }

  private static String text(CausalRun run, int columns) {
    return text(run, new Terminal(columns, false), 20, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {72, 80, 100, 119, 120, 160, 200})
  void nothingIsWiderThanTheTerminal(int columns) {
    for (CausalRun run : CausalJsonTest.all()) {
      assertThat(text(run, columns).lines()).allMatch(l -> l.length() <= columns);
    }
  }

  @Test
  void theRankingSaysWhatToOptimiseAndWhatNot() {
    String text = text(ExampleRuns.redis(), 80);
    assertThat(text)
        .contains("throughput of aeProcessEvents  48,216 visits/s (47,878 to 48,505)")
        .contains("Making dictFind 50% faster would save 16.3% (14.7% to 17.9%) of the time per")
        .contains("1.19 times the visits")
        .contains("Hot, but making it faster gains next to nothing: memcpy (21.4%")
        .contains("Contention: making tryReadFromClient spin faster makes progress slower")
        .contains("99th percentile of latency of processCommand  3.31 ms")
        .containsPattern(
            " 1\\. \\+20\\.6 ±1\\.1 +\\+8\\.7 \\+16\\.3 \\+24\\.4 \\+32\\.8 +18\\.4% +▃▄▆█ +dictFind")
        .contains("plateau at 50%: beyond that the io threads are the bottleneck")
        .containsPattern(" ! +-7\\.3 .*↓↓↓↓ +tryReadFromClient spin")
        .containsPattern(" - +0\\.0 .*21\\.4% .*memcpy")
        .contains("the first three places are settled")
        .contains("408 used, 9 discarded (stolen CPU)")
        .contains("! 2 of 14 threads block the signal");
  }

  @Test
  void wideTerminalsShowIntervalsAndVerdicts() {
    assertThat(text(ExampleRuns.redis(), 160))
        .containsPattern("\\+32\\.8 ±2\\.0 .*dictFind +the faster, the better")
        .containsPattern("networking.c:2413 +plateau at 50%")
        .containsPattern("tryReadFromClient spin +contention")
        .containsPattern("std::__detail\\S*…\\S+.*const +the faster");
  }

  @Test
  void aRefusalIsASentenceWithoutATable() {
    assertThat(text(ExampleRuns.refused(), 80))
        .contains("no ranking", "progress is limited by arrivals", "--latency BEGIN --until END")
        .contains("waiting has swallowed delays")
        .doesNotContain("impact", "first three places");
  }

  @Test
  void withoutSymbolsEverythingIsAscii() {
    CausalRun run = ExampleRuns.single();
    String text = text(run, new Terminal(80, false), 20, false);
    assertThat(text).contains("+20.6 ~1.1");
    assertThat(text.chars()).allMatch(c -> c < 128);
  }

  @Test
  void coloursAreForTerminalsOnlyAndNamesCannotAct() {
    assertThat(text(ExampleRuns.redis(), 80)).doesNotContain("\u001b");
    assertThat(text(ExampleRuns.hostile(), 80)).doesNotContain("\u001b", "\t");
    assertThat(text(ExampleRuns.redis(), new Terminal(80, true), 20, true)).contains("\u001b[1m");
  }

  @Test
  void onlyAsManyRegionsAsAskedForAreShown() {
    String text = text(ExampleRuns.redis(), new Terminal(80, false), 2, true);
    assertThat(text).contains("(2 of 10 regions)").doesNotContain("zmalloc");
  }

  @Test
  void aLossLooksLikeALossAndSmallEffectsLikeNothing() {
    var curves = ExampleRuns.redis().firstThroughput().orElseThrow().curves();
    Sparkline line = new Sparkline(curves, List.of(0.25, 0.5, 0.6, 1.0));
    assertThat(line.of(curves.getFirst())).isEqualTo("▃▄ █");
    assertThat(line.of(curves.get(6))).isEqualTo("▁▁ ▁");
    assertThat(line.of(curves.getLast())).isEqualTo("↓↓ ↓");
  }
}
