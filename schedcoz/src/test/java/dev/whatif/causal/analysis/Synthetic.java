package dev.whatif.causal.analysis;

import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Latencies;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * A made-up target whose truth is known: its period shrinks by what {@link #truth} says, and each
 * experiment is disturbed as on a machine that is shared.
 */
final class Synthetic {

  static final String POINT = "serve";
  static final long LENGTH = 200_000_000;

  /** What each arm really saves. */
  ToDoubleFunction<Arm> truth = arm -> 0;

  /** Mean visits per baseline experiment. */
  double visits = 100;

  /** Standard deviation of the logarithm of a period, from one experiment to the next. */
  double noise = 0.03;

  /** Chance that something disturbs an experiment, and how much slower it then is on average. */
  double disturbed = 0.1;

  double disturbance = 0.3;

  /** Noise that a whole block shares, from block to block an autoregressive process. */
  double drift = 0.1;

  /** Part of wall time that others take from the target. */
  double stolen = 0.01;

  double kernel = 0.05;
  double cpus = 2;
  double busiest = 0.6;
  double regionShare = 0.2;

  /** Blocks in which regions run. */
  IntPredicate active = block -> true;

  /** Mean latency of requests in nanoseconds; 0 for a point that only counts. */
  double latency;

  private final UniformRandomProvider random;
  private final ZigguratSampler.NormalizedGaussian normal;
  private final ZigguratSampler.Exponential exponential;
  private double level;
  private int block;
  private int index;
  private long now = 1_000_000_000_000L;

  Synthetic(long seed) {
    random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    normal = ZigguratSampler.NormalizedGaussian.of(random);
    exponential = ZigguratSampler.Exponential.of(random);
  }

  long now() {
    return now;
  }

  /** Runs a block. */
  List<Observation> block(List<Arm> arms) {
    level = 0.7 * level + drift * normal.sample();
    List<Observation> seen = new ArrayList<>();
    for (Arm arm : arms) {
      seen.add(experiment(arm));
    }
    block++;
    return seen;
  }

  private Observation experiment(Arm arm) {
    double log = level + noise * normal.sample();
    if (random.nextDouble() < disturbed) {
      log += disturbance * exponential.sample();
    }
    boolean runs = active.test(block);
    double saved = arm.kind() == Arm.Kind.SPEEDUP && !runs ? 0 : truth.applyAsDouble(arm);
    double delayed =
        switch (arm.kind()) {
          case BASELINE -> 0;
          case SPEEDUP -> runs ? arm.speedup() * regionShare : 0;
          case CONTROL -> arm.speedup();
        };
    long frozen = Math.round(delayed * LENGTH);
    double period = LENGTH / visits * Math.exp(log) * (1 - saved);
    long virtual = LENGTH - frozen;
    long count = Math.max(Math.round(virtual / period), 0);
    long first = now + Math.round(period * random.nextDouble());
    long last = first + Math.round(Math.max(count - 1, 0) * period);
    long samples = 800;
    Observation seen =
        new Observation(
            block,
            index++,
            arm,
            now,
            LENGTH,
            frozen,
            samples,
            Math.round(samples * kernel),
            arm.kind() == Arm.Kind.SPEEDUP && runs ? Math.round(samples * regionShare) : 0,
            Math.round(LENGTH * cpus),
            Math.round(LENGTH * busiest),
            Math.round(LENGTH * stolen * (0.5 + random.nextDouble())),
            0,
            2,
            100_000,
            20_000,
            List.of(
                new Visits(
                    POINT, count, first, last, latencies(count, Math.exp(log) * (1 - saved)))),
            "");
    now += LENGTH + 10_000_000;
    return seen;
  }

  /** Exponential ones. */
  private Latencies latencies(long count, double factor) {
    if (latency == 0) {
      return Latencies.NONE;
    }
    Long[] buckets = new Long[Latencies.BUCKETS];
    Arrays.fill(buckets, 0L);
    long total = 0;
    for (long request = 0; request < count; request++) {
      long nanos = Math.round(latency * factor * exponential.sample());
      total += nanos;
      buckets[Latencies.bucket(nanos)]++;
    }
    return new Latencies(0, count, total, List.of(buckets));
  }
}
