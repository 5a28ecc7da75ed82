package dev.whatif.causal.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Looks;
import dev.whatif.causal.experiment.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Intervals, discoveries and looks keep what they promise, over many runs of made-up targets with
 * heavy-tailed, skewed noise and with disturbances that blocks share.
 */
class ErrorControlTest {

  private static final double REJECTED = 0.01;

  private static CausalProfile session(
      Synthetic target, int blocks, int resamples, List<Arm> tried, int baselines) {
    List<Arm> arms = new ArrayList<>(tried);
    arms.addAll(Collections.nCopies(baselines, Arm.BASELINE));
    List<Observation> seen = new ArrayList<>();
    long start = target.now();
    Random random = new Random(start + blocks);
    for (int block = 0; block < blocks; block++) {
      Collections.shuffle(arms, random);
      seen.addAll(target.block(arms));
    }
    Looks looks = Looks.quarters(start, target.now() - start);
    return CausalAnalysis.of(seen, new AnalysisOptions(1, resamples, looks, true));
  }

  @ParameterizedTest
  @CsvSource({"8, 0.1, 1", "20, 0, 1", "40, 0.3, 3"})
  void intervalsHoldTheTruth(int blocks, double disturbed, int baselines) {
    int sessions = 200;
    int same = 0;
    int saved = 0;
    for (int session = 0; session < sessions; session++) {
      Synthetic target = new Synthetic(session);
      target.disturbed = disturbed;
      target.truth = arm -> arm.region().equals("real") ? 0.6 * arm.speedup() : 0;
      List<Arm> arms =
          List.of(Arm.speedup("none", 0.5), Arm.speedup("real", 0.5), Arm.control(0.1));
      for (SpeedupCurve curve :
          session(target, blocks, 400, arms, baselines).progress().getFirst().curves()) {
        Interval found = curve.points().getFirst().interval();
        same += curve.region().equals("none") && found.contains(0) ? 1 : 0;
        saved += curve.region().equals("real") && found.contains(0.3) ? 1 : 0;
      }
    }
    assertThat(notCovering(sessions, same)).as("A/A: %d of %d", same, sessions).isTrue();
    assertThat(notCovering(sessions, saved)).as("0.3: %d of %d", saved, sessions).isTrue();
  }

  private static boolean notCovering(int sessions, int covered) {
    return BinomialTest.withDefaults().test(sessions, covered, 0.95).getPValue() > REJECTED;
  }

  @Test
  void falseDiscoveriesAreRare() {
    int profiles = 100;
    double wrongly = 0;
    int found = 0;
    for (int profile = 0; profile < profiles; profile++) {
      Synthetic target = new Synthetic(profile);
      target.truth = arm -> arm.region().startsWith("real") ? 0.3 * arm.speedup() : 0;
      List<Arm> arms = new ArrayList<>();
      for (int region = 0; region < 8; region++) {
        String name = (region < 2 ? "real" : "none") + region;
        arms.add(Arm.speedup(name, 0.5));
        arms.add(Arm.speedup(name, 1));
      }
      List<SpeedupCurve> significant =
          session(target, 12, 100, arms, 4).progress().getFirst().curves().stream()
              .filter(SpeedupCurve::significant)
              .toList();
      long wrong = significant.stream().filter(curve -> curve.region().startsWith("none")).count();
      wrongly += significant.isEmpty() ? 0 : (double) wrong / significant.size();
      found += (int) (significant.size() - wrong);
    }
    assertThat(wrongly / profiles).isLessThanOrEqualTo(0.05);
    assertThat(found).as("real ones found, of %d", 2 * profiles).isGreaterThan(180);
  }

  @Test
  void lookingSeveralTimesDoesNotFindMoreThanLookingOnce() {
    int sessions = 300;
    int found = 0;
    int peeked = 0;
    for (int session = 0; session < sessions; session++) {
      Synthetic target = new Synthetic(session);
      List<Observation> seen = new ArrayList<>();
      long start = target.now();
      long planned = 24 * 3 * (Synthetic.LENGTH + 10_000_000);
      boolean anyLook = false;
      boolean anyPeek = false;
      for (int block = 0; block < 24; block++) {
        seen.addAll(
            target.block(List.of(Arm.speedup("none", 0.5), Arm.BASELINE, Arm.speedup("none", 1))));
        if (block >= 5 && block % 3 == 2) {
          SpeedupCurve planLook = curve(seen, Looks.quarters(start, planned));
          SpeedupCurve naive = curve(seen, new Looks(start, target.now() - start, List.of(1.0)));
          anyLook |= planLook.significant();
          anyPeek |= naive.significant();
        }
      }
      found += anyLook ? 1 : 0;
      peeked += anyPeek ? 1 : 0;
    }
    assertThat(
            BinomialTest.withDefaults()
                .with(AlternativeHypothesis.GREATER_THAN)
                .test(sessions, found, 0.05)
                .getPValue())
        .as("%d of %d", found, sessions)
        .isGreaterThan(REJECTED);
    assertThat(peeked).as("what peeking would find").isGreaterThan(sessions / 10);
  }

  private static SpeedupCurve curve(List<Observation> seen, Looks looks) {
    return CausalAnalysis.of(seen, new AnalysisOptions(1, 100, looks, true))
        .progress()
        .getFirst()
        .curves()
        .getFirst();
  }
}
