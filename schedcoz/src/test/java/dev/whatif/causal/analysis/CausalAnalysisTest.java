package dev.whatif.causal.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Looks;
import dev.whatif.causal.experiment.Observation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a profile says of runs whose truth is known, and what it refuses to say. */
class CausalAnalysisTest {

  private static final List<Double> SPEEDUPS = List.of(0.25, 0.5, 0.75, 1.0);

  /** All arms, each once per block, two baselines. */
  private static List<Arm> arms(String... regions) {
    List<Arm> arms = new ArrayList<>();
    for (String region : regions) {
      SPEEDUPS.forEach(speedup -> arms.add(Arm.speedup(region, speedup)));
    }
    arms.addAll(List.of(Arm.BASELINE, Arm.BASELINE, Arm.control(0.2)));
    return arms;
  }

  private static CausalProfile profile(Synthetic target, int blocks, String... regions) {
    List<Observation> seen = new ArrayList<>();
    long start = target.now();
    for (int block = 0; block < blocks; block++) {
      seen.addAll(target.block(arms(regions)));
    }
    Looks looks = Looks.quarters(start, target.now() - start);
    return CausalAnalysis.of(seen, AnalysisOptions.ended(1, looks));
  }

  private static SpeedupCurve curve(CausalProfile profile, String region) {
    return profile.progress().getFirst().curves().stream()
        .filter(curve -> curve.region().equals(region))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPlateauIsFoundWhereItIs() {
    Synthetic target = new Synthetic(1);
    target.truth = arm -> arm.region().equals("hot") ? Math.min(arm.speedup(), 0.5) : 0;
    CausalProfile profile = profile(target, 30, "cold", "hot");
    SpeedupCurve hot = curve(profile, "hot");
    assertThat(profile.progress().getFirst().curves().getFirst().region()).isEqualTo("hot");
    assertThat(hot.shape()).isEqualTo(SpeedupCurve.Shape.PLATEAU);
    assertThat(hot.plateau()).isCloseTo(0.5, within(0.06));
    assertThat(hot.impact()).isCloseTo(0.375, within(0.02));
    assertThat(hot.significant()).isTrue();
    assertThat(hot.samplesFraction()).isCloseTo(0.2, within(0.01));
    assertThat(curve(profile, "cold").shape()).isEqualTo(SpeedupCurve.Shape.FLAT);
    assertThat(profile.settled()).isTrue();
  }

  @Test
  void aLineIsNoPlateau() {
    Synthetic target = new Synthetic(2);
    target.truth = arm -> arm.region().equals("hot") ? 0.6 * arm.speedup() : 0;
    assertThat(curve(profile(target, 30, "hot"), "hot").shape())
        .isEqualTo(SpeedupCurve.Shape.RISING);
  }

  @Test
  void contentionIsNamed() {
    Synthetic target = new Synthetic(3);
    target.truth = arm -> arm.region().equals("spin") ? -0.2 * arm.speedup() : 0;
    SpeedupCurve spin = curve(profile(target, 30, "spin"), "spin");
    assertThat(spin.shape()).isEqualTo(SpeedupCurve.Shape.CONTENTION);
    assertThat(spin.impact()).isNegative();
    assertThat(spin.remark()).contains("slower");
  }

  @Test
  void anArrivalLimitedTargetIsRefused() {
    Synthetic target = new Synthetic(4);
    // Waiting swallows the delays: virtual time shrinks by what was delayed.
    target.truth = arm -> arm.kind() == Arm.Kind.CONTROL ? arm.speedup() : 0.2 * arm.speedup();
    ProgressProfile refused = profile(target, 30, "hot").progress().getFirst();
    assertThat(refused.curves()).isEmpty();
    assertThat(refused.refusal()).contains("arrival-limited").contains("--latency");
    assertThat(refused.control().effect()).isCloseTo(0.2, within(0.03));
  }
}
