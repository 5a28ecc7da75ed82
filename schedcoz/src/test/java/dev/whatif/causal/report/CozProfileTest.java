package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.core.failure.UsageException;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What Coz's viewer shows is what the profile says. */
class CozProfileTest {

  /** Durations are whole nanoseconds of experiments of 0.1 s. */
  private static final Offset<Double> ROUNDING = within(1e-7);

  @Test
  void theViewerDrawsTheEffectsOfTheProfile() {
    CausalRun run = ExampleRuns.redis();
    CozViewer viewer = CozViewer.open(CozProfile.text(run));
    List<SpeedupCurve> curves = run.firstThroughput().orElseThrow().curves();
    assertThat(viewer.drawn).hasSize(curves.size());
    for (SpeedupCurve c : curves) {
      var drawn = viewer.drawn.get(c.region()).get(ExampleRuns.POINT);
      assertThat(drawn).containsOnlyKeys(0.0, 0.25, 0.5, 0.75, 1.0).containsEntry(0.0, 0.0);
      for (CurvePoint p : c.points()) {
        assertThat(drawn.get(p.speedup())).as(c.region()).isCloseTo(p.effect(), ROUNDING);
      }
    }
  }

  @Test
  void theViewerDrawsSavedLatencyBelowZero() {
    CausalRun run = ExampleRuns.redis();
    CozViewer viewer = CozViewer.open(CozProfile.text(run));
    SpeedupCurve first = run.profile().orElseThrow().progress().get(1).curves().getFirst();
    var drawn = viewer.drawn.get(first.region()).get(ExampleRuns.TIMED + " (latency)");
    for (CurvePoint p : first.points()) {
      assertThat(drawn.get(p.speedup())).isCloseTo(-p.effect(), ROUNDING);
    }
    assertThat(viewer.drawn.get("memcpy")).containsOnlyKeys(ExampleRuns.POINT);
  }

  @Test
  void anAnalysisOfTheObservationsAloneIsDrawnAsItIs() {
    CausalRun run = ExampleRuns.unfinished().analysed();
    CozViewer viewer = CozViewer.open(CozProfile.text(run));
    SpeedupCurve first = run.firstThroughput().orElseThrow().curves().getFirst();
    for (CurvePoint p : first.points()) {
      if (p.speedup() > 0) {
        assertThat(viewer.drawn.get(first.region()).get(ExampleRuns.POINT).get(p.speedup()))
            .isCloseTo(p.effect(), ROUNDING);
      }
    }
  }

  @Test
  void experimentsWithAFlawAreLeftOut() {
    // the fourth experiment of the example, dictFind at 50 %, is flawed
    assertThat(CozProfile.text(ExampleRuns.single()).lines())
        .filteredOn(l -> l.startsWith("experiment\tselected=dictFind\tspeedup=0.50\t"))
        .hasSize(7);
    assertThat(CozProfile.text(ExampleRuns.single()).lines())
        .filteredOn(l -> l.startsWith("experiment\tselected=dictFind\tspeedup=0.25\t"))
        .hasSize(8);
  }

  @Test
  void namesCannotBreakRecords() {
    String text = CozProfile.text(ExampleRuns.hostile());
    assertThat(text).doesNotContain("\u001b");
    CozViewer viewer = CozViewer.open(text);
    assertThat(viewer.drawn).hasSize(2);
    assertThat(viewer.drawn.keySet()).anyMatch(r -> r.startsWith("</script>"));
  }

  @Test
  void whatWasRefusedIsNotExported() {
    assertThatThrownBy(() -> CozProfile.text(ExampleRuns.refused()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("limited by arrivals");
    assertThatThrownBy(() -> CozProfile.text(ExampleRuns.withoutExperiments()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no causal profile");
  }
}
