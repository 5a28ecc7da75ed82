package dev.whatif.core.report;

import java.util.List;
import java.util.Map;

/**
 * Where the CPU time of a recording went. All numbers are counts of samples.
 *
 * @param samples of the threads and processes that were asked for: the denominator of every share
 * @param kernelSamples of these, taken in kernel mode
 * @param withoutStack of these, without any frame
 * @param truncated of these, whose stack does not reach the thread's beginning
 * @param filteredOut samples of other threads or processes
 * @param functions by self, then total, descending
 * @param lines by self, then total, descending
 * @param threads by samples, descending
 * @param linesUnknown by object: samples that were executing there without a known line
 */
public record Profile(
    long samples,
    long kernelSamples,
    long withoutStack,
    long truncated,
    long filteredOut,
    List<FunctionCost> functions,
    List<LineCost> lines,
    List<ThreadCost> threads,
    Map<String, Long> linesUnknown) {

  /**
   * The half width of the 95 % interval of a share of one half, in percentage points: no share's
   * sampling error is larger. NaN without samples.
   */
  public double worstErrorPercent() {
    return samples == 0 ? Double.NaN : 98 / Math.sqrt((double) samples);
  }

  /** A count's share of all samples, in percent; 0 without samples. */
  public double percent(long count) {
    return samples == 0 ? 0 : 100.0 * count / samples;
  }
}
