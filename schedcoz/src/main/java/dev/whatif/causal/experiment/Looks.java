package dev.whatif.causal.experiment;

import java.util.ArrayList;
import java.util.List;

/**
 * When results may be judged. Whoever looks after every block and stops when something is
 * significant finds something in most runs; so it is laid down before the run when it is looked at,
 * and each look may spend its share of the error only ({@link
 * dev.whatif.causal.estimate.AlphaSpending}).
 *
 * <p>A look is made with whole blocks: with all that began before its time.
 *
 * @param startNanos beginning of the run, {@code CLOCK_MONOTONIC}
 * @param plannedNanos length of the run, above 0
 * @param fractions of the run at which to look: growing, the last one 1
 */
public record Looks(long startNanos, long plannedNanos, List<Double> fractions) {

  /** A run is over when no other block would fit. */
  private static final double NEARLY = 0.9;

  /** Refuses what is no plan. */
  public Looks {
    fractions = List.copyOf(fractions);
    double last = 0;
    for (double fraction : fractions) {
      if (!(fraction > last)) {
        throw new IllegalArgumentException("looks at " + fractions + " do not grow from above 0");
      }
      last = fraction;
    }
    if (last != 1 || plannedNanos <= 0) {
      throw new IllegalArgumentException(
          "looks at " + fractions + " of " + plannedNanos + " ns do not end with the run");
    }
  }

  /** At a quarter, half, three quarters and the end. */
  public static Looks quarters(long startNanos, long plannedNanos) {
    return new Looks(startNanos, plannedNanos, List.of(0.25, 0.5, 0.75, 1.0));
  }

  /**
   * The looks that have been due, each with the number of the last block that it sees.
   *
   * @param observations of the run so far
   * @param complete whether the last block is
   */
  public List<Look> due(List<Observation> observations, boolean complete) {
    int last = -1;
    long end = startNanos;
    for (Observation seen : observations) {
      last = Math.max(last, seen.block());
      end = Math.max(end, seen.startNanos() + seen.wallNanos());
    }
    List<Look> due = new ArrayList<>();
    for (double fraction : fractions) {
      long time = startNanos + Math.round(fraction * plannedNanos);
      int block = -1;
      for (Observation seen : observations) {
        if (seen.startNanos() < time) {
          block = Math.max(block, seen.block());
        }
      }
      if (block >= 0 && (block < last || complete && end >= time)) {
        due.add(new Look(fraction, block));
      }
    }
    return due;
  }

  /**
   * The looks of a run that has ended: those that have been due, and one more if it ended at
   * another time (because time was up in the middle of a block, the target exited or the user had
   * enough). How much error that one may spend follows from the part of the run that there was.
   *
   * @param observations of the run, the last block complete
   */
  public List<Look> afterEnd(List<Observation> observations) {
    List<Look> looks = new ArrayList<>(due(observations, true));
    int last = -1;
    long end = startNanos;
    for (Observation seen : observations) {
      last = Math.max(last, seen.block());
      end = Math.max(end, seen.startNanos() + seen.wallNanos());
    }
    double part = (double) (end - startNanos) / plannedNanos;
    int seen = looks.isEmpty() ? -1 : looks.getLast().block();
    double spent = looks.isEmpty() ? 0 : looks.getLast().fraction();
    double fraction = part >= NEARLY ? 1 : part;
    if (last > seen && fraction > spent) {
      looks.add(new Look(fraction, last));
    }
    return looks;
  }

  /**
   * One of them.
   *
   * @param fraction of the run
   * @param block number of the last block that it sees
   */
  public record Look(double fraction, int block) {}
}
