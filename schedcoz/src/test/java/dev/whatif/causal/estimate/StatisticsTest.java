package dev.whatif.causal.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The parts that profiles are computed with, against numbers known from elsewhere. */
class StatisticsTest {

  private static ArmLogs arm(double speedup, double... logs) {
    int[] block = new int[logs.length];
    double[] ones = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      block[i] = i;
      ones[i] = 1;
    }
    return new ArmLogs(speedup, block, logs, ones, ones, logs.length, 100);
  }

  /** Of a region whose true effects are given, in some blocks with shared noise. */
  private static CurveEstimate curve(long seed, int blocks, double... effects) {
    Random random = new Random(seed);
    double[][] logs = new double[effects.length][blocks];
    for (int block = 0; block < blocks; block++) {
      double baseline = 0.02 * random.nextGaussian();
      for (int arm = 0; arm < effects.length; arm++) {
        logs[arm][block] = Math.log(1 - effects[arm]) + 0.02 * random.nextGaussian() - baseline;
      }
    }
    List<ArmLogs> arms = new ArrayList<>();
    for (int arm = 0; arm < effects.length; arm++) {
      arms.add(arm((arm + 1.0) / effects.length, logs[arm]));
    }
    return CurveEstimate.of(arms);
  }

  @Test
  void theTrimmedMeanAndItsErrorAreYuens() {
    // Wilcox, Introduction to Robust Estimation, trims 20 % of 10 values: 2 at either end.
    CurveEstimate estimate =
        CurveEstimate.of(List.of(arm(1, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 9)));
    // Winsorised: .03 .03 .03 .04 .05 .06 .07 .08 .08 .08, squares about their mean 0.00425.
    double yuen = Math.sqrt(0.00425 / (6 * 5));
    assertThat(estimate.effects()[0]).isCloseTo(1 - Math.exp(0.055), within(1e-9));
    assertThat(estimate.errors()[0]).isCloseTo(yuen * Math.exp(0.055), within(1e-9));
  }

  @Test
  void theImpactIsTheAreaWhicheverSpeedupsWereTried() {
    assertThat(curve(1, 400, 0.1, 0.2, 0.3, 0.4).impact()).isCloseTo(0.2, within(0.002));
    assertThat(curve(1, 400, 0.2, 0.4).impact()).isCloseTo(0.2, within(0.002));
    assertThat(curve(1, 400, 0.25, 0.5, 0.5, 0.5).impact()).isCloseTo(0.375, within(0.002));
  }

  @Test
  void differencesKnowThatBaselinesAreShared() {
    CurveEstimate one = curve(1, 50, 0.2, 0.4);
    CurveEstimate same = curve(1, 50, 0.2, 0.4);
    assertThat(one.minus(same).value()).isZero();
    assertThat(one.minus(same).error()).isCloseTo(0, within(1e-12));
    CurveEstimate other = curve(2, 50, 0.1, 0.2);
    assertThat(one.minus(other).value()).isCloseTo(0.1, within(0.01));
    assertThat(one.minus(other).pValue()).isLessThan(1e-6);
    double together = 0;
    double apart = 0;
    for (int seed = 0; seed < 100; seed++) {
      CurveEstimate left = curve(2 * seed, 50, 0.1, 0.2);
      CurveEstimate right = curve(2 * seed + 1, 50, 0.1, 0.2);
      together += Math.pow(left.minus(right).error(), 2);
      apart += Math.pow(left.impactError(), 2) + Math.pow(right.impactError(), 2);
    }
    assertThat(together).as("of independent ones").isCloseTo(apart, withinPercentage(5));
  }

  @Test
  void linesAreSeldomCalledElbows() {
    int elbows = 0;
    int missed = 0;
    double[] speedups = {0.25, 0.5, 0.75, 1};
    for (int seed = 0; seed < 200; seed++) {
      CurveEstimate line = curve(seed, 20, 0.1, 0.2, 0.3, 0.4);
      elbows += Elbow.of(speedups, line, seed).pValue() <= 0.05 ? 1 : 0;
      CurveEstimate bent = curve(seed, 20, 0.25, 0.3, 0.3, 0.3);
      Elbow elbow = Elbow.of(speedups, bent, seed);
      missed += elbow.pValue() > 0.05 || Math.abs(elbow.at() - 0.3) > 0.05 ? 1 : 0;
    }
    assertThat(elbows).as("of 200 lines, at 5 %").isLessThan(22);
    assertThat(missed).as("of 200 elbows").isLessThan(5);
  }

  @Test
  void looksSpendAllOfTheErrorAndNoMore() {
    // Lan and DeMets 1983: 0.00009 at a quarter of the run for 5 % two-sided.
    assertThat(AlphaSpending.spent(0.05, 0.25)).isCloseTo(0.00009, within(0.00001));
    assertThat(AlphaSpending.spent(0.05, 0.5)).isCloseTo(0.0056, within(0.0001));
    assertThat(AlphaSpending.spent(0.05, 1)).isCloseTo(0.05, within(1e-6));
    double sum =
        AlphaSpending.level(0.05, 0, 0.5)
            + AlphaSpending.level(0.05, 0.5, 0.75)
            + AlphaSpending.level(0.05, 0.75, 1);
    assertThat(sum).isCloseTo(0.05, within(1e-6));
  }

  @Test
  void aPValueOverAllLooksTurnsEachLooksLevelIntoAlpha() {
    double early = AlphaSpending.level(0.03, 0, 0.5);
    double late = AlphaSpending.level(0.03, 0.5, 1);
    List<Double> looks = List.of(0.5, 1.0);
    assertThat(AlphaSpending.overall(looks, List.of(early, 1.0))).isCloseTo(0.03, within(1e-6));
    assertThat(AlphaSpending.overall(looks, List.of(1.0, late))).isCloseTo(0.03, within(1e-6));
    assertThat(AlphaSpending.overall(List.of(1.0), List.of(0.02))).isCloseTo(0.02, within(1e-6));
    assertThat(AlphaSpending.overall(List.of(), List.of())).isEqualTo(1);
  }

  @Test
  void discoveriesAreThoseOfBenjaminiAndHochberg() {
    // The example of their paper (1995, section 3.2): 4 of 15.
    List<Double> pValues =
        List.of(
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0);
    assertThat(Discoveries.bound(pValues, 0.05)).isEqualTo(0.0095);
    assertThat(Discoveries.bound(List.of(0.5, 0.9), 0.05)).isNegative();
  }

  @Test
  void standingsAreSettledWhenTheFirstThreeAre() {
    CurveEstimate big = curve(1, 30, 0.3, 0.6);
    CurveEstimate small = curve(2, 30, 0.2, 0.4);
    CurveEstimate none = curve(3, 30, 0, 0);
    CurveEstimate noneEither = curve(4, 30, 0, 0);
    Standings clear = Standings.of(Map.of("a", none, "b", big, "c", small, "d", noneEither), 0.01);
    assertThat(clear.ranked().subList(0, 2)).containsExactly("b", "c");
    assertThat(clear.settled()).as("the last two are as good as equal").isTrue();
    CurveEstimate vague = curve(5, 3, 0.2, 0.4);
    assertThat(Standings.of(Map.of("c", small, "v", vague), 0.0001).settled()).isFalse();
  }
}
