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
 * Compares every experiment with each baseline of its block, for one progress point and one gauge.
 *
 * <p>The pairs are not averaged per block: what disturbs experiments makes some far slower and none
 * far faster, so that the mean of several baselines is skewed where a single one is not. Two
 * experiments that are disturbed alike differ symmetrically, and a trimmed mean of pairs is then
 * where it should be. In simulations with a third of the experiments disturbed and four baselines
 * per block, 95 % intervals hold the truth in 97 % of the runs, with averages in 66 %.
 *
 * <p>Where one experiment sees too few requests for the gauge (a 99th percentile needs hundreds),
 * neighbouring blocks are joined until it has enough.
 *
 * @param arms what every arm but the baseline showed
 * @param joined how many blocks make one
 */
public record BlockLogs(Map<Arm, ArmLogs> arms, int joined) {

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
    blocks.forEach((block, byArm) -> {
      List<Unit> baselines = units(byArm.getOrDefault(Arm.BASELINE, List.of()), gauge, joined);
      byArm.forEach((arm, read) -> {
        if (arm.kind() != Arm.Kind.BASELINE && !baselines.isEmpty()) {
          for (Unit unit : units(read, gauge, joined)) {
            entries
                .computeIfAbsent(arm, key -> new ArrayList<>())
                .add(new Entry(block, unit, baselines));
          }
        }
      });
    });
    Map<Arm, ArmLogs> arms = new LinkedHashMap<>();
    entries.forEach((arm, list) -> arms.put(arm, logs(arm, list)));
    return new BlockLogs(arms, joined);
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

  /** One reading: of an experiment, or of several that were joined. */
  private record Unit(
      double log, double virtualNanos, double activity, int experiments, long visits) {}

  private record Entry(int block, Unit unit, List<Unit> baselines) {}

  private static int joined(List<Reading> readings, Gauge gauge) {
    long[] counted = readings.stream().mapToLong(r -> gauge.counted(r.visits)).sorted().toArray();
    if (counted.length == 0) {
      return 1;
    }
    double median = Math.max(counted[counted.length / 2], 0.1);
    return median >= gauge.least() ? 1 : (int) Math.ceil(MARGIN * gauge.least() / median);
  }

  private static List<Unit> units(List<Reading> readings, Gauge gauge, int joined) {
    List<List<Reading>> parts =
        joined == 1
            ? readings.stream().map(List::of).toList()
            : readings.isEmpty() ? List.of() : List.of(readings);
    return parts.stream()
        .map(part -> unit(part, gauge))
        .filter(unit -> unit.visits >= gauge.least() && !Double.isNaN(unit.log))
        .toList();
  }

  private static Unit unit(List<Reading> readings, Gauge gauge) {
    double virtual = 0;
    double activity = 0;
    long visits = 0;
    for (Reading reading : readings) {
      Observation seen = reading.seen;
      virtual += Math.max(seen.wallNanos() - seen.frozenNanos(), 1);
      visits += gauge.counted(reading.visits);
      boolean idle = seen.regionSamples() == 0 && seen.frozenNanos() == 0;
      activity += idle ? 0 : Math.max(seen.regionSamples(), 0.5) / Math.max(seen.samples(), 1);
    }
    double log = Math.log(gauge.nanos(readings.stream().map(Reading::visits).toList()));
    return new Unit(log, virtual, activity / readings.size(), readings.size(), visits);
  }

  private static ArmLogs logs(Arm arm, List<Entry> entries) {
    int pairs = entries.stream().mapToInt(entry -> entry.baselines.size()).sum();
    int[] block = new int[pairs];
    double[] logRatio = new double[pairs];
    double[] virtualNanos = new double[pairs];
    double[] activity = new double[pairs];
    int pair = 0;
    for (Entry entry : entries) {
      for (Unit baseline : entry.baselines) {
        block[pair] = entry.block;
        logRatio[pair] = entry.unit.log - baseline.log;
        virtualNanos[pair] = entry.unit.virtualNanos / entry.baselines.size();
        activity[pair] = entry.unit.activity;
        pair++;
      }
    }
    return new ArmLogs(
        arm.speedup(),
        block,
        logRatio,
        virtualNanos,
        activity,
        entries.stream().mapToInt(entry -> entry.unit.experiments).sum(),
        entries.stream().mapToLong(entry -> entry.unit.visits).sum());
  }
}
