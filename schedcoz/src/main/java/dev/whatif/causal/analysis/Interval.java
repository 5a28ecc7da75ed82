package dev.whatif.causal.analysis;

/**
 * A 95 % confidence interval.
 *
 * @param low its lower end
 * @param high its upper end, not below
 */
public record Interval(double low, double high) {

  /** Half of its width. */
  public double halfWidth() {
    return (high - low) / 2;
  }

  /** Whether a value lies in it. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
