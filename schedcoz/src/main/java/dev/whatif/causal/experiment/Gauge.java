package dev.whatif.causal.experiment;

import java.util.List;

/**
 * What is read from what some experiments of one arm saw at one progress point: a time that is
 * better the shorter it is.
 *
 * <p>Throughput is read as the <b>period</b>, the virtual time between visits, {@code
 * sum(last-first)/sum(count-1)} over the experiments. Both ends are visits, hence nothing is
 * rounded to whole visits at the edges of the window. What remains: a window that ends with a visit
 * favours short intervals a little. With a coefficient of variation c of the intervals the period
 * comes out by c²/n too short for n visits per experiment; of this the ratio of two arms keeps only
 * the difference, below half a point of effect for 30 visits and c = 0.5, and nothing for regular
 * ones.
 */
public sealed interface Gauge {

  /** Virtual time between visits. */
  Gauge PERIOD = new Period();

  /** Mean virtual time from begin to end. */
  Gauge MEAN_LATENCY = new MeanLatency();

  /**
   * Reads it.
   *
   * @param visits of one arm at one point
   * @return nanoseconds above 0, or NaN when there is too little
   */
  double nanos(List<Visits> visits);

  /** How many requests (or visits) one reading needs to be worth anything. */
  long least();

  /** How many it would count of these. */
  default long counted(Visits visits) {
    return visits.latencies().count();
  }

  /** The gauge that a ranking of this point begins with: its latency where it has one. */
  static Gauge leading(Visits visits) {
    return visits.latencies().count() > 0 ? MEAN_LATENCY : PERIOD;
  }

  /** See {@link #PERIOD}. */
  record Period() implements Gauge {

    @Override
    public double nanos(List<Visits> visits) {
      double nanos = 0;
      long intervals = 0;
      for (Visits seen : visits) {
        if (seen.count() >= 2) {
          nanos += Math.max(seen.lastNanos() - seen.firstNanos(), 1);
          intervals += seen.count() - 1;
        }
      }
      return intervals == 0 ? Double.NaN : nanos / intervals;
    }

    @Override
    public long least() {
      return 2;
    }

    @Override
    public long counted(Visits visits) {
      return visits.count();
    }
  }

  /** See {@link #MEAN_LATENCY}. */
  record MeanLatency() implements Gauge {

    @Override
    public double nanos(List<Visits> visits) {
      double nanos = 0;
      long requests = 0;
      for (Visits seen : visits) {
        nanos += seen.latencies().totalNanos();
        requests += seen.latencies().count();
      }
      return requests == 0 ? Double.NaN : Math.max(nanos, 1) / requests;
    }

    @Override
    public long least() {
      return 2;
    }
  }

  /**
   * A quantile of the virtual time from begin to end, interpolated within its bucket.
   *
   * @param level 0 to 1
   */
  record LatencyQuantile(double level) implements Gauge {

    @Override
    public double nanos(List<Visits> visits) {
      long requests = visits.stream().mapToLong(seen -> seen.latencies().count()).sum();
      double wanted = level * requests;
      double below = 0;
      for (int bucket = 0; bucket < Latencies.BUCKETS && requests > 0; bucket++) {
        long here = 0;
        for (Visits seen : visits) {
          List<Long> buckets = seen.latencies().buckets();
          here += buckets.isEmpty() ? 0 : buckets.get(bucket);
        }
        if (here > 0 && below + here >= wanted) {
          double low = Latencies.lowest(bucket);
          double high = Latencies.lowest(bucket + 1);
          return Math.max(low + (high - low) * (wanted - below) / here, 1);
        }
        below += here;
      }
      return Double.NaN;
    }

    /** Twice as many as there must be for one to lie beyond the quantile. */
    @Override
    public long least() {
      return Math.round(2 / (1 - level));
    }
  }
}
