package dev.whatif.causal.analysis;

import java.util.List;

/**
 * How far the run can be trusted.
 *
 * @param contention the part of the time that threads in scope wanted a CPU in which others had it
 * @param kernelFraction the part of the samples that lie in the kernel, where nothing is made
 *     faster
 * @param maxDebtNanos the largest unpaid debt that a running thread was found with
 * @param meanDebtNanos the mean of it
 * @param experiments that were used
 * @param discarded experiments that were not
 * @param slowdown the part of wall time that the experiments took from the target
 * @param warnings for people, one sentence each, with what to do
 */
public record Quality(
    double contention,
    double kernelFraction,
    long maxDebtNanos,
    long meanDebtNanos,
    int experiments,
    int discarded,
    double slowdown,
    List<String> warnings) {

  /** Copies the warnings. */
  public Quality {
    warnings = List.copyOf(warnings);
  }
}
