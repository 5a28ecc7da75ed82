package dev.whatif.ebpf.bench;

import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One program's times with all contenders.
 *
 * @param program its name
 * @param measurements in the order of the contenders
 */
public record Comparison(String program, List<Measurement> measurements) {

  private static final double NANOS_OF_ROUND = 1e6;
  private static final int FIRST_TIMES = 200;
  private static final int EMPTY_TIMES = 20_000;

  /** Copies the list. */
  public Comparison {
    measurements = List.copyOf(measurements);
  }

  /**
   * Measures them in turns.
   *
   * @param rounds how many samples each gives
   * @throws BadDataException when one returns another number than the others
   */
  public static Comparison of(String program, List<? extends Contender> contenders, int rounds) {
    int expected = contenders.getFirst().result();
    double[][] nanos = new double[contenders.size()][rounds];
    int[] times = new int[contenders.size()];
    for (int c = 0; c < times.length; c++) {
      Contender contender = contenders.get(c);
      // the first has run already, and the second run gives another number
      int result = c == 0 ? expected : contender.result();
      if (result != expected) {
        throw new BadDataException(
            "%s: %s returns 0x%x, %s 0x%x"
                .formatted(
                    program, contenders.getFirst().name(), expected, contender.name(), result));
      }
      times[c] = (int) Math.max(1, NANOS_OF_ROUND / Math.max(1, contender.nanos(FIRST_TIMES)));
    }
    for (int round = 0; round < rounds; round++) {
      for (int c = 0; c < times.length; c++) {
        nanos[c][round] = contenders.get(c).nanos(times[c]);
      }
    }
    List<Measurement> measurements = new ArrayList<>();
    for (int c = 0; c < times.length; c++) {
      measurements.add(measurement(contenders.get(c), nanos[c]));
    }
    return new Comparison(program, measurements);
  }

  private static Measurement measurement(Contender contender, double[] samples) {
    double[] empty = new double[5];
    for (int i = 0; i < empty.length; i++) {
      empty[i] = contender.emptyNanos(EMPTY_TIMES);
    }
    double median = quantile(samples, 0.5) - quantile(empty, 0.5);
    double spread = (quantile(samples, 0.75) - quantile(samples, 0.25)) / 2 / median;
    return new Measurement(contender.name(), median, spread);
  }

  private static double quantile(double[] samples, double part) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(part * (sorted.length - 1))];
  }

  /** The first contender's time as a multiple of another one's. */
  public double ratio(int contender) {
    return measurements.getFirst().nanos() / measurements.get(contender).nanos();
  }
}
