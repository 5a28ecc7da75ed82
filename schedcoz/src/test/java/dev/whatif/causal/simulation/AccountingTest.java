package dev.whatif.causal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * What the accounting of debts predicts is what happens when the region really becomes faster, on
 * simulated machines. The ledger checks its invariants at each event of each run.
 */
class AccountingTest {

  private static final List<Double> SPEEDUPS = List.of(0.25, 0.5, 0.75);
  private static final int GRAPHS = 60;

  /** How far predictions are off, in hundredths of the run. */
  private record Errors(double mean, double bias, double largest, int overtaken) {

    static Errors of(ToIntFunction<TaskGraph> cpus, int samplePeriod) {
      List<Double> errors = new ArrayList<>();
      int overtaken = 0;
      for (int seed = 0; seed < GRAPHS; seed++) {
        TaskGraph graph = graph(seed);
        int machine = Math.max(1, cpus.applyAsInt(graph));
        double base = Machine.really(graph, machine, 0).micros();
        for (double speedup : SPEEDUPS) {
          double truth = Machine.really(graph, machine, speedup).micros();
          Machine.Outcome found = Machine.virtually(graph, machine, speedup, samplePeriod);
          errors.add(100 * (truth - found.micros()) / base);
          overtaken += found.overtaken();
        }
      }
      return new Errors(
          errors.stream().mapToDouble(Math::abs).average().orElseThrow(),
          errors.stream().mapToDouble(error -> error).average().orElseThrow(),
          errors.stream().mapToDouble(Math::abs).max().orElseThrow(),
          overtaken);
    }
  }

  private static TaskGraph graph(int seed) {
    return switch (seed % 3) {
      case 0 -> TaskGraph.random(seed, 3 + seed % 4, 40);
      case 1 -> TaskGraph.pipeline(seed, 2 + seed % 3, 60);
      default -> TaskGraph.plateau(8 + seed % 8);
    };
  }

  @Test
  void predictionsHoldWithACpuForEachThread() {
    Errors often = Errors.of(graph -> graph.threads().size(), 250);
    assertThat(often.mean()).as("mean error at 250 us").isLessThan(0.8);
    assertThat(often.largest()).as("largest error at 250 us").isLessThan(5);
    assertThat(often.overtaken()).as("wakes that overtake").isGreaterThan(100);
    Errors rarely = Errors.of(graph -> graph.threads().size(), 1_000);
    assertThat(rarely.mean()).as("mean error at 1 ms").isLessThan(2);
  }

  @Test
  void predictionsHoldOnSaturatedCpus() {
    for (int samplePeriod : List.of(50, 250, 1_000)) {
      Errors errors = Errors.of(graph -> graph.threads().size() / 2, samplePeriod);
      assertThat(errors.mean()).as("mean error at %d us", samplePeriod).isLessThan(1.6);
      assertThat(Math.abs(errors.bias())).as("bias at %d us", samplePeriod).isLessThan(1.2);
    }
  }

  @Test
  void aPlateauEndsWhereTheOtherThreadTakesOver() {
    TaskGraph graph = TaskGraph.plateau(12);
    double base = Machine.virtually(graph, 2, 0, 250).micros();
    for (double speedup : List.of(0.25, 0.5, 0.75, 1.0)) {
      double gain = 1 - Machine.virtually(graph, 2, speedup, 250).micros() / base;
      assertThat(gain).as("at %s", speedup).isBetween(min(speedup) - 0.03, min(speedup) + 0.03);
    }
  }

  private static double min(double speedup) {
    return Math.min(speedup, 0.5);
  }

  @Test
  void nothingMadeFasterChangesNothing() {
    for (int seed = 0; seed < 9; seed++) {
      TaskGraph graph = graph(seed);
      assertThat(Machine.virtually(graph, 2, 0, 250)).isEqualTo(Machine.really(graph, 2, 0));
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void invariantsHoldOnAnyMachine(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int threads,
      @ForAll @IntRange(min = 1, max = 8) int cpus,
      @ForAll @IntRange(min = 1, max = 100) int percent,
      @ForAll @IntRange(min = 20, max = 4_000) int samplePeriod) {
    TaskGraph graph = TaskGraph.random(seed, threads, 15);
    Machine.Outcome found = Machine.virtually(graph, cpus, percent / 100.0, samplePeriod);
    double base = Machine.really(graph, cpus, 0).micros();
    assertThat(found.micros()).isBetween(0.0, 1.35 * base);
  }
}
