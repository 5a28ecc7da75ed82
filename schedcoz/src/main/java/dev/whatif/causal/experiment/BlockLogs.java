package dev.whatif.causal.experiment;

import dev.whatif.causal.estimate.ArmLogs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares every experiment with the baseline of its block, for one progress point and one gauge.
 *
 * <p>Where one experiment sees too few requests for the gauge (a 99th percentile needs hundreds),
 * neighbouring blocks are joined until it has enough.
 *
 * @param arms what every arm but the baseline showed
 * @param baselines experiments that are the baseline
 * @param joined how many blocks make one
 */
public record BlockLogs(Map<Arm, ArmLogs> arms, List<Observation> baselines, int joined) {

  /** Fewer blocks than that say nothing about an arm. */
  public static final int LEAST_BLOCKS = 3;

  /** The wish that most experiments, not half of them, see enough. */
  private static final double MARGIN = 1.5;

  /**
   * Compares.
   *
   * @param observations of the run; unusable ones are left out
   * @param point name of the progress point
   * @param gauge what is read
   */
  public static BlockLogs of(List<Observation> observations, String point, Gauge gauge) {
    List<Reading> readings = new ArrayList<>();
    for (Observation seen : observations) {
      if (seen.usable()) {
        seen.visits().stream()
            .filter(visits -> visits.point().equals(point))
            .findFirst()
            .ifPresent(visits -> readings.add(new Reading(seen, visits)));
      }
    }
    int joined = joined(readings, gauge);
    Map<Integer, Map<Arm, List<Reading>>> blocks = new TreeMap<>();
    for (Reading reading : readings) {
      blocks
          .computeIfAbsent(reading.seen.block() / joined, block -> new LinkedHashMap<>())
          .computeIfAbsent(reading.seen.arm(), arm -> new ArrayList<>())
          .add(reading);
    }
    Map<Arm, List<Entry>> entries = new LinkedHashMap<>();
    List<Observation> baselines = new ArrayList<>();
    blocks.forEach((block, byArm) -> {
      List<Reading> base = byArm.getOrDefault(Arm.BASELINE, List.of());
      double baseline = logarithm(base, gauge, joined);
      if (!Double.isNaN(baseline)) {
        base.forEach(reading -> baselines.add(reading.seen));
        byArm.remove(Arm.BASELINE);
        byArm.forEach((arm, read) -> enter(entries, arm, block, read, gauge, joined, baseline));
      }
    });
    Map<Arm, ArmLogs> arms = new LinkedHashMap<>();
    entries.forEach((arm, list) -> arms.put(arm, logs(arm, list)));
    return new BlockLogs(arms, baselines, joined);
  }

  /** The arms of one region that were really sped up, by growing speedup, with enough blocks. */
  public List<ArmLogs> curve(String region) {
    return arms.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == Arm.Kind.SPEEDUP)
        .filter(entry -> entry.getKey().region().equals(region))
        .map(Map.Entry::getValue)
        .filter(logs -> logs.speedup() > 0 && blocks(logs) >= LEAST_BLOCKS)
        .sorted(Comparator.comparingDouble(ArmLogs::speedup))
        .toList();
  }

  /** How many different blocks an arm was tried in. */
  public static long blocks(ArmLogs logs) {
    return Arrays.stream(logs.block()).distinct().count();
  }

  private record Reading(Observation seen, Visits visits) {}

  private record Entry(
      int block, double logRatio, double virtualNanos, double activity, long visits) {}

  private static int joined(List<Reading> readings, Gauge gauge) {
    long[] counted = readings.stream().mapToLong(r -> gauge.counted(r.visits)).sorted().toArray();
    if (counted.length == 0) {
      return 1;
    }
    double median = Math.max(counted[counted.length / 2], 0.1);
    return median >= gauge.least() ? 1 : (int) Math.ceil(MARGIN * gauge.least() / median);
  }

  private static void enter(
      Map<Arm, List<Entry>> entries,
      Arm arm,
      int block,
      List<Reading> read,
      Gauge gauge,
      int joined,
      double baseline) {
    List<List<Reading>> units = joined == 1 ? read.stream().map(List::of).toList() : List.of(read);
    for (List<Reading> unit : units) {
      double log = logarithm(unit, gauge, joined);
      if (!Double.isNaN(log)) {
        double virtual = 0;
        double activity = 0;
        long visits = 0;
        for (Reading reading : unit) {
          Observation seen = reading.seen;
          virtual += Math.max(seen.wallNanos() - seen.frozenNanos(), 1);
          visits += gauge.counted(reading.visits);
          boolean idle = seen.regionSamples() == 0 && seen.frozenNanos() == 0;
          activity += idle ? 0 : Math.max(seen.regionSamples(), 0.5) / Math.max(seen.samples(), 1);
        }
        entries
            .computeIfAbsent(arm, key -> new ArrayList<>())
            .add(new Entry(block, log - baseline, virtual, activity / unit.size(), visits));
      }
    }
  }

  /** Of several experiments: the mean of the logarithms without the extremes, or one for all. */
  private static double logarithm(List<Reading> readings, Gauge gauge, int joined) {
    if (joined > 1) {
      return enough(readings, gauge);
    }
    double[] logs =
        readings.stream()
            .mapToDouble(reading -> enough(List.of(reading), gauge))
            .filter(log -> !Double.isNaN(log))
            .sorted()
            .toArray();
    int cut = logs.length < 3 ? 0 : 1;
    return Arrays.stream(logs, cut, logs.length - cut).average().orElse(Double.NaN);
  }

  private static double enough(List<Reading> readings, Gauge gauge) {
    long counted = readings.stream().mapToLong(reading -> gauge.counted(reading.visits)).sum();
    return counted < gauge.least()
        ? Double.NaN
        : Math.log(gauge.nanos(readings.stream().map(Reading::visits).toList()));
  }

  private static ArmLogs logs(Arm arm, List<Entry> list) {
    return new ArmLogs(
        arm.speedup(),
        list.stream().mapToInt(Entry::block).toArray(),
        list.stream().mapToDouble(Entry::logRatio).toArray(),
        list.stream().mapToDouble(Entry::virtualNanos).toArray(),
        list.stream().mapToDouble(Entry::activity).toArray(),
        list.stream().mapToLong(Entry::visits).sum());
  }
}
