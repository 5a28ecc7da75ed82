package dev.whatif.samples.benchmark;

import dev.whatif.samples.truth.TruthProcess;
import dev.whatif.samples.truth.TruthProgram;
import dev.whatif.samples.truth.TruthVisits;
import dev.whatif.samples.truth.Workshop;
import java.util.ArrayList;
import java.util.List;

/**
 * What really making X faster saves: runs with X shrunk beside runs with X as it is, in mirrored
 * blocks (base, 25 %, 50 %, 75 %, 75 %, 50 %, 25 %, base), so that a drifting machine hurts all
 * alike. Not thread-safe.
 */
final class TruthMeasurement {

  /**
   * The truth about one speedup.
   *
   * @param speedup of X, 0 to 1
   * @param effect the share of the progress period that is saved
   * @param low lower end of its 95 % interval; equal to the effect after a single block
   * @param high upper end
   */
  record Truth(double speedup, double effect, double low, double high) {}

  private final Workshop workshop;
  private final TruthProgram program;
  private final List<Double> speedups;
  private final List<PairedRatio> ratios = new ArrayList<>();

  /**
   * One that has measured nothing yet.
   *
   * @param speedups of X, each above 0 and at most 1
   */
  TruthMeasurement(Workshop workshop, TruthProgram program, List<Double> speedups) {
    this.workshop = workshop;
    this.program = program;
    this.speedups = List.copyOf(speedups);
    speedups.forEach(_ -> ratios.add(new PairedRatio()));
  }

  /**
   * Measures one block.
   *
   * @param seconds of each run
   */
  void block(double seconds) throws InterruptedException {
    double base = period(0, seconds);
    double[] faster = new double[speedups.size()];
    for (int i = 0; i < faster.length; i++) {
      faster[i] += period(speedups.get(i), seconds);
    }
    for (int i = faster.length - 1; i >= 0; i--) {
      faster[i] += period(speedups.get(i), seconds);
    }
    base += period(0, seconds);
    for (int i = 0; i < faster.length; i++) {
      ratios.get(i).add(faster[i], base);
    }
  }

  /** What was found so far, speedup by speedup; needs a block. */
  List<Truth> truths() {
    List<Truth> truths = new ArrayList<>();
    for (int i = 0; i < speedups.size(); i++) {
      PairedRatio r = ratios.get(i);
      double effect = 1 - r.mean();
      boolean sure = r.n() > 1;
      truths.add(
          new Truth(
              speedups.get(i),
              effect,
              sure ? 1 - r.upper95() : effect,
              sure ? 1 - r.lower95() : effect));
    }
    return truths;
  }

  private double period(double speedup, double seconds) throws InterruptedException {
    try (TruthProcess run = workshop.start(program, 1 - speedup, seconds)) {
      TruthVisits visits = run.await();
      return visits.period();
    }
  }
}
