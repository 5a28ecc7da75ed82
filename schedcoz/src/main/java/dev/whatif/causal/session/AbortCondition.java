package dev.whatif.causal.session;

import dev.whatif.causal.experiment.Gauge;
import dev.whatif.causal.experiment.Latencies;
import dev.whatif.causal.experiment.Visits;
import dev.whatif.core.command.DurationText;
import dev.whatif.core.failure.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When the target suffers so much that the run must end: {@code p99>50ms}, {@code mean>2ms}, {@code
 * rate<1000}. Times are those by the clock, which the target's users notice.
 *
 * @param text as the user wrote it
 * @param measure which of them
 * @param limit nanoseconds, or visits per second
 */
public record AbortCondition(String text, Measure measure, double limit) {

  /** What is looked at. */
  public enum Measure {
    P50(0.5),
    P90(0.9),
    P99(0.99),
    MEAN(Double.NaN),
    RATE(Double.NaN);

    private final double quantile;

    Measure(double quantile) {
      this.quantile = quantile;
    }
  }

  private static final Pattern SYNTAX =
      Pattern.compile(
          "(p50|p90|p99|mean|rate)\\s*([<>])\\s*([0-9]+(?:\\.[0-9]+)?)\\s*(\\w*)(?:/s)?");

  private static final double SECOND = 1e9;

  /**
   * Reads one.
   *
   * @throws UsageException when it has no meaning
   */
  public static AbortCondition parse(String text) {
    Matcher m = SYNTAX.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (m.matches()) {
      Measure measure = Measure.valueOf(m.group(1).toUpperCase(Locale.ROOT));
      boolean below = m.group(2).equals("<");
      if (measure == Measure.RATE && below && m.group(4).isEmpty()) {
        return new AbortCondition(text, measure, Double.parseDouble(m.group(3)));
      }
      if (measure != Measure.RATE && !below && !m.group(4).isEmpty()) {
        return new AbortCondition(
            text, measure, DurationText.parse(m.group(3) + m.group(4)).toNanos());
      }
    }
    throw new UsageException(
        "--abort-if: '%s' is no condition".formatted(text),
        "write p50, p90, p99 or mean above a time (p99>50ms), or rate below visits per second"
            + " (rate<1000)");
  }

  /** Whether it needs requests to be timed. */
  public boolean isAboutLatency() {
    return measure != Measure.RATE;
  }

  /**
   * What was seen, when it is too bad.
   *
   * @param nanos how long was counted
   * @param visits of the first point
   * @param latencies by the clock; {@link Latencies#NONE} without any
   */
  Optional<String> violated(long nanos, long visits, Latencies latencies) {
    if (measure == Measure.RATE) {
      double rate = visits * SECOND / nanos;
      return rate < limit
          ? Optional.of(String.format(Locale.ROOT, "%.0f visits per second", rate))
          : Optional.empty();
    }
    Gauge gauge =
        measure == Measure.MEAN ? Gauge.MEAN_LATENCY : new Gauge.LatencyQuantile(measure.quantile);
    if (latencies.count() < gauge.least()) {
      return Optional.empty();
    }
    double seen = gauge.nanos(List.of(new Visits("", latencies.count(), 0, 0, latencies)));
    return seen > limit
        ? Optional.of(
            String.format(
                Locale.ROOT, "%s was %.2f ms", measure.name().toLowerCase(Locale.ROOT), seen / 1e6))
        : Optional.empty();
  }
}
