package dev.whatif.causal.experiment;

import java.util.List;

/**
 * What one experiment saw. Times are {@code CLOCK_MONOTONIC} nanoseconds, amounts are those of the
 * experiment alone.
 *
 * @param block number of the block it belongs to, from 0
 * @param index number of the experiment in the run, from 0
 * @param arm what was tried
 * @param startNanos when it began
 * @param wallNanos how long it took
 * @param frozenNanos for how long the world should have stood still: what {@code G} grew by
 * @param samples of the threads in scope, user and kernel
 * @param kernelSamples of them, in the kernel
 * @param regionSamples of them, in the region of the arm
 * @param cpuNanos CPU time of the threads in scope
 * @param busiestNanos CPU time of the busiest thread in scope
 * @param stolenNanos for how long threads in scope waited for a CPU that others used, summed
 * @param idleNanos for how long the threads that made progress waited for what nobody in scope
 *     caused: arrivals, timers, devices; summed over them
 * @param progressThreads how many threads made progress
 * @param debtNanos the largest unpaid debt that a running thread was found with, at most
 * @param meanDebtNanos the mean of what running threads were found with
 * @param visits of each progress point, in the order of the run
 * @param flaw why it must not be used, or empty
 */
public record Observation(
    int block,
    int index,
    Arm arm,
    long startNanos,
    long wallNanos,
    long frozenNanos,
    long samples,
    long kernelSamples,
    long regionSamples,
    long cpuNanos,
    long busiestNanos,
    long stolenNanos,
    long idleNanos,
    int progressThreads,
    long debtNanos,
    long meanDebtNanos,
    List<Visits> visits,
    String flaw) {

  /** Copies the visits. */
  public Observation {
    visits = List.copyOf(visits);
  }

  /** Whether it can be used. */
  public boolean usable() {
    return flaw.isEmpty();
  }

  /** The same with a flaw. */
  public Observation flawed(String why) {
    return with(arm, visits, why);
  }

  /** The same with other visits. */
  public Observation withVisits(List<Visits> others) {
    return with(arm, others, flaw);
  }

  /** The same as if it had been another arm's. */
  public Observation withArm(Arm other) {
    return with(other, visits, flaw);
  }

  private Observation with(Arm tried, List<Visits> seen, String why) {
    return new Observation(
        block,
        index,
        tried,
        startNanos,
        wallNanos,
        frozenNanos,
        samples,
        kernelSamples,
        regionSamples,
        cpuNanos,
        busiestNanos,
        stolenNanos,
        idleNanos,
        progressThreads,
        debtNanos,
        meanDebtNanos,
        seen,
        why);
  }
}
