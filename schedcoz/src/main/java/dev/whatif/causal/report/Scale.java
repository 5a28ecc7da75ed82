package dev.whatif.causal.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Fractions on an axis, which ends at round numbers.
 *
 * @param low the lower end, 0 or less
 * @param high the upper end, more than 0
 * @param step between the marks
 */
record Scale(double low, double high, double step) {

  private static final double[] STEPS = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5};
  private static final int MOST_MARKS = 6;
  private static final double SMALLEST = 0.02;

  /** The smallest that holds all of the values and 0; what is not finite does not count. */
  static Scale of(double... values) {
    double low = 0;
    double high = SMALLEST;
    for (double v : values) {
      if (Double.isFinite(v)) {
        low = Math.min(low, Math.max(v, -2));
        high = Math.max(high, Math.min(v, 1));
      }
    }
    double step = STEPS[STEPS.length - 1];
    for (double s : STEPS) {
      if ((high - low) / s <= MOST_MARKS) {
        step = s;
        break;
      }
    }
    double below = -Math.ceil(-low / step - 1e-9) * step;
    return new Scale(below == 0 ? 0 : below, Math.ceil(high / step - 1e-9) * step, step);
  }

  /** Where a value lies, 0 to 1; values outside are at the ends. */
  double at(double value) {
    return (Math.clamp(value, low, high) - low) / (high - low);
  }

  /** The round values. */
  List<Double> marks() {
    List<Double> marks = new ArrayList<>();
    long first = Math.round(low / step);
    long last = Math.round(high / step);
    for (long i = first; i <= last; i++) {
      marks.add(i * step);
    }
    return marks;
  }
}
