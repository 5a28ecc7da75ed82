package dev.whatif.causal.experiment;

import java.util.List;

/**
 * How long the next block's experiments take: long enough for {@value #WANTED} visits, all arms of
 * a block alike, because a comparison of windows of different lengths would not be fair.
 *
 * <p>Not thread-safe.
 */
public final class LengthControl {

  /** The shortest experiment. */
  public static final long SHORTEST_NANOS = 100_000_000;

  /** The longest. */
  public static final long LONGEST_NANOS = 2_000_000_000;

  private static final int WANTED = 30;
  private static final int TOO_FEW = 10;

  /** Lengths change only when they would by more than that, so that blocks stay comparable. */
  private static final double HYSTERESIS = 1.5;

  private long nanos = 2 * SHORTEST_NANOS;

  /** Length of all experiments of the next block. */
  public long nanos() {
    return nanos;
  }

  /**
   * Learns from a block. Counts at the leading progress point, in its slowest arm.
   *
   * @param block usable and other experiments of one block
   */
  public void seen(List<Observation> block) {
    double[] perNano =
        block.stream()
            .filter(seen -> seen.wallNanos() > 0 && !seen.visits().isEmpty())
            .mapToDouble(seen -> seen.visits().getFirst().count() / (double) seen.wallNanos())
            .sorted()
            .toArray();
    if (perNano.length == 0) {
      return;
    }
    // The lower quartile: the slowest arm alone might be one that was disturbed.
    double rate = perNano[perNano.length / 4];
    double wanted = rate * nanos < TOO_FEW ? 2.0 * nanos : WANTED / rate;
    double bounded = Math.clamp(wanted, (double) SHORTEST_NANOS, (double) LONGEST_NANOS);
    if (bounded > nanos || bounded * HYSTERESIS < nanos) {
      nanos = Math.round(bounded);
    }
  }
}
