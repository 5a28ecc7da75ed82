package dev.whatif.samples.truth;

import dev.whatif.core.failure.BadDataException;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program has printed at its end.
 *
 * @param visits of its progress point after the first one, at least 1
 * @param seconds from the first visit to the last one
 * @param latencyMicros mean microseconds of a request, of the programs that have requests
 */
public record TruthVisits(long visits, double seconds, OptionalDouble latencyMicros) {

  private static final Pattern VISITS =
      Pattern.compile("(?m)^visits (\\d{1,18}) seconds ([0-9.]{1,30})$");
  private static final Pattern LATENCY = Pattern.compile("(?m)^latency ([0-9.]{1,30}) us$");

  /**
   * Reads it.
   *
   * @throws BadDataException when the program did not come to its end, or was visited less than
   *     twice
   */
  public static TruthVisits parse(String output) {
    Matcher visits = VISITS.matcher(output);
    if (!visits.find()) {
      throw new BadDataException("the program did not print its visits, but: " + output.strip());
    }
    TruthVisits read =
        new TruthVisits(Long.parseLong(visits.group(1)), number(visits.group(2)), latency(output));
    if (read.visits < 1 || read.seconds <= 0) {
      throw new BadDataException(
          "the program visited its progress point less than twice", "let it run longer");
    }
    return read;
  }

  private static OptionalDouble latency(String output) {
    Matcher latency = LATENCY.matcher(output);
    return latency.find() ? OptionalDouble.of(number(latency.group(1))) : OptionalDouble.empty();
  }

  private static double number(String digits) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw new BadDataException("not a number: " + digits, null, e);
    }
  }

  /** Seconds between two visits. */
  public double period() {
    return seconds / visits;
  }
}
