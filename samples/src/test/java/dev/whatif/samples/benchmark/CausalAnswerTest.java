package dev.whatif.samples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON of whatif causal, as its contract says. */
class CausalAnswerTest {

  private static final String LOCK =
      """
      {"schema": "whatif-causal-1", "backend": "signal", "seed": 1,
       "baseline": {"visitsPerSecond": 1600.5, "ci": [1580.0, 1620.1]},
       "quality": {"contention": 0.02, "maxDebtNanos": 812345, "warnings": []},
       "regions": [
         {"region": "hot", "samplesPercent": 66.1, "impact": 0.4, "impactCi": [0.38, 0.42],
          "significant": true, "points": [
            {"speedup": 0.25, "effect": 0.242, "ci": [0.22, 0.27], "visits": 9000, "experiments": 30},
            {"speedup": 0.5, "effect": 0.489, "ci": [0.46, 0.51], "visits": 8000, "experiments": 30}]},
         {"region": "cold", "points": [
            {"speedup": 0.5, "effect": 0.01, "ci": [-0.02, 0.04], "visits": 5, "experiments": 1}]}]}
      """;

  @Test
  void pointsOfTheRegionAreFoundBySpeedup() {
    CausalAnswer answer = CausalAnswer.parse(LOCK, "hot");
    assertThat(answer.points()).hasSize(2);
    assertThat(answer.at(0.5))
        .hasValueSatisfying(p -> {
          assertThat(p.effect()).isEqualTo(0.489);
          assertThat(p.halfWidth()).isCloseTo(0.025, org.assertj.core.api.Assertions.within(1e-9));
          assertThat(p.visits()).isEqualTo(8000);
        });
    assertThat(answer.at(0.75)).isEmpty();
    assertThat(answer.maxDebtNanos()).isEqualTo(812345);
    assertThat(answer.contention()).isEqualTo(0.02);
    assertThat(answer.saysArrivalLimited()).isFalse();
  }

  @Test
  void anArrivalLimitedTargetHasARefusalAndNoRegions() {
    CausalAnswer answer =
        CausalAnswer.parse(
            """
            {"quality": {"warnings": []}, "regions": [],
             "progress": [{"point": "step", "refusal": "arrival-limited: use --latency"}]}
            """,
            "hot");
    assertThat(answer.points()).isEmpty();
    assertThat(answer.saysArrivalLimited()).isTrue();
  }

  @Test
  void whatCouldNotBeEstimatedIsNull() {
    CausalAnswer answer =
        CausalAnswer.parse(
            """
            {"regions": [{"region": "hot", "points": [
              {"speedup": 0.25, "effect": null, "ci": null},
              {"speedup": 0.5, "effect": 0.1, "ci": null}]}]}
            """,
            "hot");
    assertThat(answer.at(0.25)).isEmpty();
    assertThat(answer.at(0.5)).hasValueSatisfying(p -> assertThat(p.halfWidth()).isNaN());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"regions\": 3}",
        "{\"regions\": [{\"region\": \"hot\", \"points\": [{\"speedup\": 0.5}]}]}",
        "{\"regions\": [{\"points\": [{\"effect\": 0.5, \"ci\": [1]}]}]}"
      })
  void anythingElseIsRefused(String json) {
    assertThatThrownBy(() -> CausalAnswer.parse(json, "hot")).isInstanceOf(BadDataException.class);
  }
}
