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

  @Test
  void aRegionThatRunsInAPartOfTheRunIsWorthThatPart() {
    Synthetic target = new Synthetic(5);
    target.regionShare = 0.5;
    target.truth = arm -> arm.kind() == Arm.Kind.SPEEDUP ? 0.5 * arm.speedup() : 0;
    // Three blocks in twenty: fewer than what is trimmed as outliers.
    target.active = block -> block % 20 < 3;
    SpeedupCurve curve = curve(profile(target, 60, "early"), "early");
    for (CurvePoint point : curve.points()) {
      assertThat(point.effect()).isCloseTo(0.15 * 0.5 * point.speedup(), within(0.02));
      assertThat(point.interval().contains(0.15 * 0.5 * point.speedup())).isTrue();
    }
    assertThat(curve.remark()).contains("runs in 15 % of the run");
  }

  @Test
  void latenciesAreRankedByMeanMedianAndTail() {
    Synthetic target = new Synthetic(6);
    target.latency = 1_000_000;
    target.truth = arm -> arm.region().equals("hot") ? 0.4 * arm.speedup() : 0;
    List<ProgressProfile> progress = profile(target, 40, "hot").progress();
    assertThat(progress)
        .extracting(ProgressProfile::measure)
        .containsExactly(
            Measure.LATENCY_MEAN, Measure.LATENCY_P50, Measure.LATENCY_P99, Measure.THROUGHPUT);
    for (ProgressProfile profile : progress) {
      CurvePoint whole = profile.curves().getFirst().points().getLast();
      assertThat(whole.effect()).as("%s", profile.measure()).isCloseTo(0.4, within(0.08));
    }
    assertThat(progress.get(0).baseline()).isCloseTo(1_000_000, within(200_000.0));
    assertThat(progress.get(1).baseline()).isCloseTo(693_000, within(150_000.0));
    assertThat(progress.get(2).baseline()).isCloseTo(4_605_000, within(1_000_000.0));
    assertThat(progress.get(3).baseline()).isCloseTo(500, within(100.0));
  }

  @Test
  void noVisitsAndTooFewAreRefused() {
    Synthetic none = new Synthetic(7);
    none.visits = 0.01;
    assertThat(profile(none, 10, "hot").progress().getFirst().refusal())
        .contains("no visit of serve");
    Synthetic few = new Synthetic(8);
    few.visits = 3;
    assertThat(profile(few, 10, "hot").progress().getFirst().refusal()).contains("visited 2.");
    Synthetic enough = new Synthetic(9);
    enough.visits = 20;
    assertThat(profile(enough, 10, "hot").progress().getFirst().refusal()).isEmpty();
  }

  @Test
  void anOversubscribedMachineIsRefused() {
    Synthetic target = new Synthetic(10);
    target.stolen = 1.5;
    CausalProfile profile = profile(target, 10, "hot");
    assertThat(profile.progress().getFirst().refusal()).contains("oversubscribed");
    assertThat(profile.quality().contention()).isBetween(0.35, 0.5);
    assertThat(profile.settled()).isFalse();
  }

  @Test
  void aTargetThatWaitsNearlyAlwaysIsRefused() {
    Synthetic target = new Synthetic(11);
    target.cpus = 0.005;
    target.stolen = 0;
    assertThat(profile(target, 10, "hot").progress().getFirst().refusal()).contains("blocked");
  }

  @Test
  void aRegionThatWasNeverSampledIsUnknown() {
    Synthetic target = new Synthetic(12);
    target.regionShare = 0;
    SpeedupCurve curve = curve(profile(target, 10, "gone"), "gone");
    assertThat(curve.shape()).isEqualTo(SpeedupCurve.Shape.UNKNOWN);
    assertThat(curve.remark()).contains("never sampled");
    assertThat(curve.significant()).isFalse();
  }

  @Test
  void whatLimitsTheAnswerIsSaid() {
    Synthetic target = new Synthetic(13);
    target.kernel = 0.6;
    target.cpus = 1;
    target.busiest = 0.99;
    Quality quality = profile(target, 5, "hot").quality();
    assertThat(quality.warnings())
        .anyMatch(warning -> warning.contains("60 % of the samples lie in the kernel"))
        .anyMatch(warning -> warning.contains("one thread does all the work"))
        .anyMatch(warning -> warning.contains("rest on 5 blocks"));
    assertThat(quality.slowdown()).isBetween(0.05, 0.2);
    Synthetic fine = new Synthetic(14);
    assertThat(profile(fine, 12, "hot").quality().warnings()).isEmpty();
  }

  @Test
  void experimentsThatOthersDisturbedAreDiscarded() {
    Synthetic target = new Synthetic(15);
    List<Observation> seen = new ArrayList<>();
    long start = target.now();
    for (int block = 0; block < 20; block++) {
      target.stolen = block == 7 ? 2 : 0.02;
      seen.addAll(target.block(arms("hot")));
    }
    Looks looks = Looks.quarters(start, target.now() - start);
    Quality quality = CausalAnalysis.of(seen, AnalysisOptions.ended(1, looks)).quality();
    assertThat(quality.discarded()).isEqualTo(arms("hot").size());
    assertThat(quality.contention()).isLessThan(0.05);
  }

  @Test
  void disturbedExperimentsHardlyWidenIntervals() {
    double[] halfWidths = new double[2];
    for (int seed = 0; seed < 20; seed++) {
      for (int often = 0; often < 2; often++) {
        Synthetic target = new Synthetic(seed);
        target.disturbed = often * 0.1;
        target.disturbance = 3;
        halfWidths[often] +=
            curve(profile(target, 20, "hot"), "hot").impactInterval().halfWidth() / 20;
      }
    }
    // The mean of these logarithms is ten times as uncertain with the disturbances as without.
    assertThat(halfWidths[1]).isBetween(halfWidths[0], 2.2 * halfWidths[0]);
  }

  @Test
  void controlsThatShowSomethingAreAWarning() {
    Synthetic target = new Synthetic(17);
    // A/A experiments cost 8 %, and delaying everybody seems to save a quarter of the delay.
    target.truth =
        arm ->
            switch (arm.kind()) {
              case BASELINE -> 0;
              case SPEEDUP -> arm.speedup() == 0 ? -0.08 : 0;
              case CONTROL -> 0.055;
            };
    List<Arm> arms = new ArrayList<>(arms("hot"));
    arms.add(Arm.speedup("hot", 0));
    List<Observation> seen = new ArrayList<>();
    long start = target.now();
    for (int block = 0; block < 40; block++) {
      seen.addAll(target.block(arms));
    }
    Looks looks = Looks.quarters(start, target.now() - start);
    CausalProfile profile = CausalAnalysis.of(seen, AnalysisOptions.ended(1, looks));
    assertThat(profile.progress().getFirst().refusal()).isEmpty();
    assertThat(profile.quality().warnings())
        .anyMatch(warning -> warning.contains("nothing was made faster differ"))
        .anyMatch(warning -> warning.contains("delaying everybody for 20 %"));
  }

  @Test
  void nothingAtAllIsNoFailure() {
    Looks looks = Looks.quarters(0, 1_000);
    CausalProfile profile = CausalAnalysis.of(List.of(), AnalysisOptions.live(1, looks));
    assertThat(profile.progress()).isEmpty();
    assertThat(profile.settled()).isFalse();
    Synthetic target = new Synthetic(16);
    List<Observation> one = target.block(List.of(Arm.BASELINE));
    ProgressProfile progress =
        CausalAnalysis.of(one, AnalysisOptions.live(1, looks)).progress().getFirst();
    assertThat(progress.refusal()).contains("run for longer");
    assertThat(progress.baseline()).isPositive();
  }
}
