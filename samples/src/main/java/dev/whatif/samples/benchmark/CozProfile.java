package dev.whatif.samples.benchmark;

import dev.whatif.core.failure.BadDataException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Coz's own arithmetic on its own file (its viewer, {@code viewer/ts/profile.ts}): deltas and
 * durations summed for each speedup, the period their quotient, and the part of the period saved.
 * Speedups with less than 5 visits are left out. No interval: Coz has none. Not thread-safe.
 */
final class CozProfile {

  private static final int LEAST_VISITS = 5;

  private static final class Sum {
    long visits;
    double nanos;
  }

  private final Map<Integer, Sum> byPercent = new HashMap<>();

  /**
   * Adds a file in Coz 0.2's format: tab-separated words, {@code key=value}.
   *
   * @throws BadDataException when it is none
   */
  void add(List<String> lines) {
    int percent = -1;
    double nanos = 0;
    for (String line : lines) {
      String[] words = line.split("\t");
      switch (words[0]) {
        case "experiment" -> {
          percent = (int) Math.round(number(words, "speedup") * 100);
          nanos = signed(number(words, "duration"));
        }
        case "throughput-point" -> {
          if (percent >= 0) {
            Sum sum = byPercent.computeIfAbsent(percent, _ -> new Sum());
            sum.visits += (long) number(words, "delta");
            sum.nanos += nanos;
            percent = -1; // a second point of the same experiment is another point
          }
        }
        default -> {
          // startup, samples, runtime: not used by the viewer
        }
      }
    }
  }

  /** Coz subtracts delays and prints without a sign: a negative length is near 2 to the 64th. */
  private static double signed(double printed) {
    return printed >= 0x1p63 ? printed - 0x1p64 : printed;
  }

  private static double number(String[] words, String key) {
    for (String word : words) {
      if (word.startsWith(key + "=")) {
        try {
          return Double.parseDouble(word.substring(key.length() + 1));
        } catch (NumberFormatException e) {
          throw new BadDataException("not a number in Coz's profile: " + word, null, e);
        }
      }
    }
    throw new BadDataException("no " + key + " in a line of Coz's profile");
  }

  /** The part of the progress period that Coz says is saved, or empty when it saw too little. */
  Optional<Double> effect(double speedup) {
    Optional<Double> base = period(0);
    Optional<Double> faster = period((int) Math.round(speedup * 100));
    return base.flatMap(b -> faster.map(f -> (b - f) / b));
  }

  private Optional<Double> period(int percent) {
    Sum sum = byPercent.get(percent);
    return sum == null || sum.visits < LEAST_VISITS
        ? Optional.empty()
        : Optional.of(sum.nanos / sum.visits);
  }
}
