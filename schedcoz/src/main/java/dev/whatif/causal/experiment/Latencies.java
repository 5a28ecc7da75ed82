package dev.whatif.causal.experiment;

import java.util.List;

/**
 * Virtual durations of the requests that ended in an experiment, as a log-linear histogram: a value
 * lies in the bucket of its power of two, which is divided into 16 equal parts, so that a bucket is
 * at most 1/16 of its value wide.
 *
 * @param unpaired ends whose begin was not seen, and begins that were lost; they are not counted
 * @param count requests
 * @param totalNanos sum of their virtual durations
 * @param buckets how many in each; {@link #lowest} gives a bucket's lower bound; empty or {@link
 *     #BUCKETS} long
 */
public record Latencies(long unpaired, long count, long totalNanos, List<Long> buckets) {

  /** Nothing is timed. */
  public static final Latencies NONE = new Latencies(0, 0, 0, List.of());

  private static final int PARTS_BITS = 4;
  private static final int PARTS = 1 << PARTS_BITS;

  /** Up to 2^44 ns, almost five hours. */
  public static final int BUCKETS = (44 - PARTS_BITS + 1) * PARTS;

  /** Copies the buckets. */
  public Latencies {
    buckets = List.copyOf(buckets);
  }

  /** The bucket of a duration; negative ones count as 0, and too long ones as the longest. */
  public static int bucket(long nanos) {
    if (nanos < PARTS) {
      return (int) Math.max(nanos, 0);
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    int part = (int) (nanos >> exponent - PARTS_BITS) & PARTS - 1;
    return Math.min((exponent - PARTS_BITS + 1) * PARTS + part, BUCKETS - 1);
  }

  /** The shortest duration of a bucket, in nanoseconds. */
  public static long lowest(int bucket) {
    if (bucket < PARTS) {
      return bucket;
    }
    int exponent = bucket / PARTS - 1 + PARTS_BITS;
    return (1L << exponent) + ((long) (bucket % PARTS) << exponent - PARTS_BITS);
  }
}
