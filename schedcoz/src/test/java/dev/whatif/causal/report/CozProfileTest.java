package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.core.failure.UsageException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

  /** Coz's own script, without a browser: it needs none until it draws. */
  @Test
  @Requires(Requirement.COZ_VIEWER)
  void cozsOwnViewerComputesTheSame(@TempDir Path folder) throws IOException {
    CausalRun run = ExampleRuns.redis();
    Path profile = Files.writeString(folder.resolve("profile.coz"), CozProfile.text(run));
    Path script =
        Files.writeString(
            folder.resolve("viewer.js"),
            Files.readString(Path.of("/usr/share/coz-profiler/viewer/js/profile.js"))
                + """

                const text = require("fs").readFileSync(process.argv[2], "utf8");
                const warn = (title, what) => { throw new Error(title + what); };
                const profile = new Profile(text, null, null, () => 5, warn);
                const plots = profile.getSpeedupData(5).sort(sort_functions.impact);
                console.log(JSON.stringify(plots));
                """);
    JsonNode plots =
        new JsonMapper().readTree(Programs.run("node", script.toString(), profile.toString()));
    List<SpeedupCurve> curves = run.firstThroughput().orElseThrow().curves();
    assertThat(plots).hasSize(curves.size());
    assertThat(plots.at("/0/name").asString()).isEqualTo(curves.getFirst().region());
    for (JsonNode plot : plots) {
      SpeedupCurve curve =
          curves.stream()
              .filter(c -> c.region().equals(plot.get("name").asString()))
              .findFirst()
              .orElseThrow();
      JsonNode point = plot.at("/progress_points/0");
      assertThat(point.get("name").asString()).isEqualTo(ExampleRuns.POINT);
      for (int i = 0; i < curve.points().size(); i++) {
        JsonNode drawn = point.get("measurements").get(i + 1);
        assertThat(drawn.get("speedup").asDouble()).isEqualTo(curve.points().get(i).speedup());
        assertThat(drawn.get("progress_speedup").asDouble())
            .isCloseTo(curve.points().get(i).effect(), ROUNDING);
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
