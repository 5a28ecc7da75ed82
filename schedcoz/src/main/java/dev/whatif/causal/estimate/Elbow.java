package dev.whatif.causal.estimate;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Tells a curve that rises to a plateau from one that rises all the way.
 *
 * <p>Both {@code b * s} and {@code b * min(s, k)} are fitted by weighted least squares. An elbow
 * always fits better; whether more than by chance is found by simulating curves for which the line
 * is true, with the errors of this curve and their dependence (multiplier bootstrap of what the
 * blocks contributed), and fitting both to each.
 *
 * @param at the elbow: from this speedup on more is of no use
 * @param pValue of "it is a line"
 */
public record Elbow(double at, double pValue) {

  /** Speedups from the smallest to the largest at which an elbow is looked for. */
  private static final int STEPS = 40;

  private static final int SIMULATIONS = 500;

  /**
   * Fits.
   *
   * @param speedups growing, above 0
   * @param estimate of the same arms
   * @param seed of the simulation
   */
  public static Elbow of(double[] speedups, CurveEstimate estimate, long seed) {
    double[] effects = estimate.effects();
    double[] errors = estimate.errors();
    double[] weights = new double[errors.length];
    double largest = 0;
    for (double error : errors) {
      largest = Math.max(largest, error);
    }
    for (int i = 0; i < weights.length; i++) {
      // An arm whose error happens to come out tiny must not decide alone.
      double error = Math.max(errors[i], Math.max(largest / 4, 1e-6));
      weights[i] = 1 / (error * error);
    }
    double[][] elbows = new double[STEPS][];
    double lowest = speedups[0];
    double highest = speedups[speedups.length - 1];
    for (int step = 0; step < STEPS; step++) {
      elbows[step] = bent(speedups, lowest + (highest - lowest) * step / STEPS);
    }
    Fit found = fit(speedups, elbows, weights, effects);
    double line = slope(speedups, weights, effects);
    double[][] contributions = estimate.contributions();
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    int larger = 0;
    for (int simulation = 0; simulation < SIMULATIONS; simulation++) {
      double[] simulated = new double[speedups.length];
      for (int block = 0; block < contributions[0].length; block++) {
        double times = normal.sample();
        for (int arm = 0; arm < simulated.length; arm++) {
          simulated[arm] += times * contributions[arm][block];
        }
      }
      for (int arm = 0; arm < simulated.length; arm++) {
        simulated[arm] += line * speedups[arm];
      }
      larger += fit(speedups, elbows, weights, simulated).gain >= found.gain ? 1 : 0;
    }
    double at = lowest + (highest - lowest) * found.step / STEPS;
    return new Elbow(at, (larger + 1.0) / (SIMULATIONS + 1.0));
  }

  private record Fit(int step, double gain) {}

  /** The best elbow, and by how much its squares are smaller than the line's. */
  private static Fit fit(double[] line, double[][] elbows, double[] weights, double[] effects) {
    double straight = squares(line, weights, effects);
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int step = 0; step < elbows.length; step++) {
      double squares = squares(elbows[step], weights, effects);
      if (squares < least) {
        least = squares;
        best = step;
      }
    }
    return new Fit(best, Math.max(straight - least, 0));
  }

  private static double squares(double[] shape, double[] weights, double[] effects) {
    double slope = slope(shape, weights, effects);
    double sum = 0;
    for (int i = 0; i < shape.length; i++) {
      double off = effects[i] - slope * shape[i];
      sum += weights[i] * off * off;
    }
    return sum;
  }

  private static double slope(double[] shape, double[] weights, double[] effects) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < shape.length; i++) {
      product += weights[i] * shape[i] * effects[i];
      square += weights[i] * shape[i] * shape[i];
    }
    return product / square;
  }

  private static double[] bent(double[] speedups, double at) {
    double[] bent = new double[speedups.length];
    for (int i = 0; i < bent.length; i++) {
      bent[i] = Math.min(speedups[i], at);
    }
    return bent;
  }
}
