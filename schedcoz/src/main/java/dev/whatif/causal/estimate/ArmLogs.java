package dev.whatif.causal.estimate;

/**
 * What the experiments with one speedup of one region showed, one entry each.
 *
 * @param speedup 0 to 1
 * @param block number of the block
 * @param logRatio logarithm of the period over that of the block's baseline
 * @param virtualNanos virtual time of the experiment: what it is worth in the run
 * @param activity part of the samples that lay in the region; 0 when it did not run at all
 * @param visits that all of it rests on
 */
public record ArmLogs(
    double speedup,
    int[] block,
    double[] logRatio,
    double[] virtualNanos,
    double[] activity,
    long visits) {

  /** Refuses arrays of different lengths. */
  public ArmLogs {
    int size = block.length;
    if (logRatio.length != size || virtualNanos.length != size || activity.length != size) {
      throw new IllegalArgumentException("arrays of different lengths");
    }
  }

  /** How many experiments. */
  public int size() {
    return block.length;
  }
}
