package dev.whatif.causal.estimate;

/**
 * What the experiments with one speedup of one region showed: one entry for each pair of such an
 * experiment and a baseline of its block.
 *
 * @param speedup 0 to 1
 * @param block number of the block
 * @param logRatio logarithm of the experiment's period over that of the baseline
 * @param virtualNanos virtual time of the experiment, divided by its pairs: what they are worth in
 *     the run
 * @param activity part of the samples that lay in the region; 0 when it did not run at all
 * @param experiments with this speedup
 * @param visits that all of it rests on
 */
public record ArmLogs(
    double speedup,
    int[] block,
    double[] logRatio,
    double[] virtualNanos,
    double[] activity,
    int experiments,
    long visits) {

  /** Refuses arrays of different lengths. */
  public ArmLogs {
    int size = block.length;
    if (logRatio.length != size || virtualNanos.length != size || activity.length != size) {
      throw new IllegalArgumentException("arrays of different lengths");
    }
  }

  /** How many pairs. */
  public int size() {
    return block.length;
  }
}
