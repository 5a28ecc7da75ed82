package dev.whatif.causal.experiment;

/**
 * What an experiment tries.
 *
 * @param kind of experiment
 * @param region whose code is made faster, by its name; empty for others than {@link Kind#SPEEDUP}
 * @param speedup the part of its time that the region is spared, 0 to 1; for {@link Kind#CONTROL}
 *     the part of wall time for which everybody is delayed
 */
public record Arm(Kind kind, String region, double speedup) {

  /** What is done to the target. */
  public enum Kind {
    /** Nothing: what progress is compared with. */
    BASELINE,
    /** A region is made virtually faster. */
    SPEEDUP,
    /**
     * Everybody is delayed and nothing is faster: virtual progress must not change. Where it seems
     * to, waiting has swallowed the delays, as in a target that is limited by its arrivals.
     */
    CONTROL
  }

  /** Nothing is done. */
  public static final Arm BASELINE = new Arm(Kind.BASELINE, "", 0);

  /** Refuses what is no fraction. */
  public Arm {
    if (!(speedup >= 0 && speedup <= 1)) {
      throw new IllegalArgumentException("a speedup of " + speedup + " is not between 0 and 1");
    }
    if (region.isEmpty() == (kind == Kind.SPEEDUP)) {
      throw new IllegalArgumentException("a region is named where it is made faster, only there");
    }
  }

  /** A region made faster; 0 is an A/A experiment, which must look like the baseline. */
  public static Arm speedup(String region, double speedup) {
    return new Arm(Kind.SPEEDUP, region, speedup);
  }

  /** A negative control. */
  public static Arm control(double delayed) {
    return new Arm(Kind.CONTROL, "", delayed);
  }
}
