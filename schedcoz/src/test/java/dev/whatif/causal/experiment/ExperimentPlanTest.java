package dev.whatif.causal.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is tried, in which order, for how long, and when it is enough. */
class ExperimentPlanTest {

  private static final long SECOND = 1_000_000_000;
  private static final List<Double> SPEEDUPS = List.of(0.0, 0.25, 0.5, 0.75, 1.0);

  private static ExperimentPlan plan(long seed, int regions) {
    return ExperimentPlan.of(
        new PlanOptions(
            seed,
            IntStream.range(0, regions).mapToObj(region -> "r" + region).toList(),
            SPEEDUPS,
            0.1,
            Looks.quarters(0, 100 * SECOND)));
  }

  private static long count(List<Arm> block, Arm.Kind kind) {
    return block.stream().filter(arm -> arm.kind() == kind).count();
  }

  @Test
  void aBlockHoldsEachArmOnceWithBaselineControlAndSame() {
    ExperimentPlan plan = plan(1, 2);
    List<Arm> block = plan.nextBlock();
    for (String region : List.of("r0", "r1")) {
      for (double speedup : List.of(0.25, 0.5, 0.75, 1.0)) {
        assertThat(block).containsOnlyOnce(Arm.speedup(region, speedup));
      }
    }
    assertThat(block).containsOnlyOnce(Arm.control(0.1), Arm.speedup("r0", 0));
    assertThat(count(block, Arm.Kind.BASELINE)).isEqualTo(3);
    assertThat(plan.nextBlock()).contains(Arm.speedup("r1", 0)).hasSameSizeAs(block);
  }

  @Test
  void theOrderIsRandomAndRepeatable() {
    HashSet<List<Arm>> orders = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      orders.add(plan(seed, 2).nextBlock());
      assertThat(plan(seed, 2).nextBlock()).isEqualTo(plan(seed, 2).nextBlock());
    }
    assertThat(orders).hasSizeGreaterThan(18);
    ExperimentPlan plan = plan(1, 2);
    assertThat(plan.nextBlock()).isNotEqualTo(plan.nextBlock());
  }

  /** Runs a plan against made-up regions; gives all that it tried. */
  private static List<Observation> run(
      ExperimentPlan plan, ToDoubleFunction<Arm> truth, int blocks) {
    Random random = new Random(3);
    List<Observation> seen = new ArrayList<>();
    long now = 0;
    for (int block = 0; block < blocks && !plan.settled(); block++) {
      for (Arm arm : plan.nextBlock()) {
        double period =
            1e6 * (1 - truth.applyAsDouble(arm)) * Math.exp(0.02 * random.nextGaussian());
        long length = SECOND / 10;
        seen.add(observation(block, seen.size(), arm, now, length, Math.round(length / period)));
        now += length;
      }
      plan.look(seen);
    }
    return seen;
  }

  private static Observation observation(
      int block, int index, Arm arm, long start, long length, long visits) {
    Visits at = new Visits("p", visits, start, start + length, Latencies.NONE);
    long inside = arm.kind() == Arm.Kind.SPEEDUP ? 100 : 0;
    return new Observation(
        block,
        index,
        arm,
        start,
        length,
        0,
        400,
        0,
        inside,
        length,
        length / 2,
        0,
        0,
        1,
        0,
        0,
        List.of(at),
        "");
  }

  @Test
  void theLeadingRegionsGetWhatTheHopelessOnesHad() {
    ExperimentPlan plan = plan(5, 10);
    List<Arm> first = plan.nextBlock();
    assertThat(first).contains(Arm.speedup("r0", 0.5), Arm.speedup("r0", 1));
    assertThat(first).doesNotContain(Arm.speedup("r0", 0.25));
    // Four that matter, three of them equally: the third place cannot be settled.
    ToDoubleFunction<Arm> truth =
        arm ->
            switch (arm.region()) {
              case "r1" -> 0.6 * arm.speedup();
              case "r2", "r3" -> 0.4 * arm.speedup();
              case "r4" -> 0.36 * arm.speedup();
              default -> 0;
            };
    List<Observation> seen = run(plan, truth, 20);
    assertThat(plan.live()).contains("r1", "r2", "r3").doesNotContain("r0", "r5", "r9");
    assertThat(plan.nextBlock()).contains(Arm.speedup("r1", 0.25), Arm.speedup("r2", 0.75));
    long beforeLook =
        seen.stream().filter(o -> o.arm().region().equals("r9") && o.block() > 14).count();
    assertThat(beforeLook).as("experiments with one that was dropped").isZero();
  }

  @Test
  void nothingIsDroppedOrSettledBetweenLooks() {
    ExperimentPlan plan = plan(5, 10);
    run(plan, arm -> arm.region().equals("r1") ? 0.9 * arm.speedup() : 0, 8);
    assertThat(plan.live()).hasSize(10);
    assertThat(plan.settled()).isFalse();
  }

  @Test
  void aClearOrderSettlesEarly() {
    ExperimentPlan plan = plan(7, 4);
    ToDoubleFunction<Arm> truth =
        arm ->
            switch (arm.region()) {
              case "r1" -> 0.6 * arm.speedup();
              case "r2" -> 0.4 * arm.speedup();
              case "r3" -> 0.2 * arm.speedup();
              default -> 0;
            };
    List<Observation> seen = run(plan, truth, 100);
    assertThat(plan.settled()).isTrue();
    assertThat(seen.getLast().startNanos()).isLessThan(60 * SECOND);
  }

  @Test
  void experimentsAreAsLongAsVisitsNeed() {
    LengthControl length = new LengthControl();
    length.seen(List.of(observation(0, 0, Arm.BASELINE, 0, SECOND / 5, 1)));
    assertThat(length.nanos()).as("doubles").isEqualTo(2 * SECOND / 5);
    length.seen(List.of(observation(0, 0, Arm.BASELINE, 0, SECOND / 5, 12)));
    assertThat(length.nanos()).as("for 30 visits").isEqualTo(SECOND / 2);
    length.seen(List.of(observation(0, 0, Arm.BASELINE, 0, SECOND / 5, 0)));
    length.seen(List.of(observation(0, 0, Arm.BASELINE, 0, SECOND / 5, 0)));
    length.seen(List.of(observation(0, 0, Arm.BASELINE, 0, SECOND / 5, 0)));
    assertThat(length.nanos()).as("no longer").isEqualTo(2 * SECOND);
    length.seen(List.of(observation(0, 0, Arm.BASELINE, 0, SECOND / 5, 10_000)));
    assertThat(length.nanos()).as("no shorter").isEqualTo(SECOND / 10);
  }

  @Test
  void aPlanOfNothingIsRefused() {
    Looks looks = Looks.quarters(0, SECOND);
    assertThatThrownBy(() -> new PlanOptions(1, List.of(), SPEEDUPS, 0.1, looks))
        .hasMessageContaining("nothing to try");
    assertThatThrownBy(() -> new PlanOptions(1, List.of("r"), List.of(0.0), 0.1, looks))
        .hasMessageContaining("nothing to try");
    assertThatThrownBy(() -> new Looks(0, SECOND, List.of(0.5, 0.4, 1.0)))
        .hasMessageContaining("do not grow");
  }
}
