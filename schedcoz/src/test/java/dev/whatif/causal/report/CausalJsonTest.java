package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON has the fields that scripts were promised, whatever came out. */
class CausalJsonTest {

  private static JsonNode json(CausalRun run) {
    return new JsonMapper().readTree(CausalJson.text(run));
  }

  static List<CausalRun> all() {
    return List.of(
        ExampleRuns.redis(),
        ExampleRuns.refused(),
        ExampleRuns.single(),
        ExampleRuns.hostile(),
        ExampleRuns.unfinished(),
        ExampleRuns.withoutExperiments());
  }

  @Test
  void theFirstThroughputPointIsOnTop() {
    JsonNode root = json(ExampleRuns.redis());
    assertThat(root.get("schema").asString()).isEqualTo("whatif.causal/1");
    assertThat(root.get("backend").asString()).isEqualTo("signal");
    assertThat(root.get("seed").asLong()).isEqualTo(42);
    assertThat(root.at("/baseline/visitsPerSecond").asDouble())
        .isEqualTo(1e9 / ExampleRuns.PERIOD_NANOS);
    assertThat(root.at("/baseline/ci")).hasSize(2);
    assertThat(root.at("/quality/contention").asDouble()).isEqualTo(0.031);
    assertThat(root.at("/quality/maxDebtNanos").asLong()).isEqualTo(1_840_000);
    assertThat(root.at("/quality/warnings")).hasSize(1);
    JsonNode region = root.at("/regions/0");
    assertThat(region.get("region").asString()).isEqualTo("dictFind");
    assertThat(region.get("samplesPercent").asDouble()).isEqualTo(18.4);
    assertThat(region.get("significant").asBoolean()).isTrue();
    assertThat(region.get("impactCi")).hasSize(2);
    JsonNode point = region.at("/points/1");
    assertThat(point.get("speedup").asDouble()).isEqualTo(0.5);
    assertThat(point.get("effect").asDouble()).isBetween(0.15, 0.18);
    assertThat(point.at("/ci/0").asDouble()).isLessThan(point.at("/ci/1").asDouble());
    assertThat(point.get("visits").asLong()).isEqualTo(19_000);
    assertThat(point.get("experiments").asInt()).isEqualTo(11);
    assertThat(root.get("progress")).hasSize(3);
    assertThat(root.at("/progress/2/measure").asString()).isEqualTo("latency-p99");
    assertThat(root.at("/progress/0/regions")).isEqualTo(root.get("regions"));
    assertThat(root.at("/progress/0/regions/1/plateau").asDouble()).isEqualTo(0.5);
  }

  @Test
  void aRefusalHasABaselineAndNoRegions() {
    JsonNode root = json(ExampleRuns.refused());
    assertThat(root.at("/baseline/visitsPerSecond").asDouble()).isEqualTo(1000.02);
    assertThat(root.get("regions")).isEmpty();
    assertThat(root.at("/progress/0/refusal").asString()).startsWith("progress is limited");
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyRunHasAllFieldsAndNumbersAreNumbers(CausalRun run) {
    JsonNode root = json(run);
    assertThat(Set.copyOf(root.propertyNames()))
        .contains("schema", "backend", "seed", "baseline", "quality", "regions", "progress");
    for (JsonNode progress : root.get("progress")) {
      for (JsonNode region : progress.get("regions")) {
        for (String field : List.of("samplesPercent", "impact", "pValue", "plateau")) {
          assertThat(region.get(field).isNumber() || region.get(field).isNull()).isTrue();
        }
        for (JsonNode point : region.get("points")) {
          assertThat(point.get("effect").isNumber() || point.get("effect").isNull()).isTrue();
          assertThat(point.get("ci").isArray() || point.get("ci").isNull()).isTrue();
        }
      }
    }
  }
}
