package dev.whatif.causal.estimate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Experiments of one arm in which the region was equally busy, sorted by their logarithms: not at
 * all, or little, or much.
 */
final class Phase {

  /** The least experiments that make a phase of their own. */
  private static final int LEAST = 5;

  /** Part of the variance of the activity that two phases must explain; for one bell it is 0.64. */
  private static final double SEPARATION = 0.85;

  /** How much busier the region must be in one phase than in the other. */
  private static final double CONTRAST = 3;

  /** Whether the region did not run at all: then nothing was delayed, and the effect is 0. */
  final boolean idle;

  /** Pairs per block, on average. */
  private final double perBlock;

  /** Indices into the blocks of the estimate. */
  final int[] block;

  final double[] log;
  final double[] weight;

  // What the last evaluation found; reused, because it is done thousands of times.
  double centre;
  double low;
  double high;
  int count;
  int kept;
  double total;
  double winsorised;

  private Phase(boolean idle, ArmLogs arm, List<Integer> entries, int[] blocks) {
    this.idle = idle;
    List<Integer> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingDouble(i -> arm.logRatio()[i]));
    int size = sorted.size();
    perBlock = arm.size() / (double) Arrays.stream(arm.block()).distinct().count();
    block = new int[size];
    log = new double[size];
    weight = new double[size];
    for (int i = 0; i < size; i++) {
      int entry = sorted.get(i);
      block[i] = Arrays.binarySearch(blocks, arm.block()[entry]);
      log[i] = arm.logRatio()[entry];
      weight[i] = arm.virtualNanos()[entry];
    }
  }

  /** Divides the experiments of an arm. */
  static List<Phase> of(ArmLogs arm, int[] blocks) {
    List<Integer> idle = new ArrayList<>();
    List<Integer> active = new ArrayList<>();
    for (int i = 0; i < arm.size(); i++) {
      (arm.activity()[i] > 0 ? active : idle).add(i);
    }
    List<Phase> phases = new ArrayList<>();
    if (!idle.isEmpty()) {
      phases.add(new Phase(true, arm, idle, blocks));
    }
    active.sort(Comparator.comparingDouble(i -> arm.activity()[i]));
    int cut = cut(active.stream().mapToDouble(i -> arm.activity()[i]).toArray());
    for (List<Integer> part : List.of(active.subList(0, cut), active.subList(cut, active.size()))) {
      if (!part.isEmpty()) {
        phases.add(new Phase(false, arm, part, blocks));
      }
    }
    return phases;
  }

  /** Where to cut sorted activities in two (Otsu 1979), or 0. */
  private static int cut(double[] sorted) {
    int size = sorted.length;
    double sum = Arrays.stream(sorted).sum();
    double mean = sum / Math.max(size, 1);
    double variance = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).sum();
    double below = 0;
    double best = SEPARATION * variance;
    int cut = 0;
    for (int i = 1; i <= size - LEAST; i++) {
      below += sorted[i - 1];
      double lower = below / i;
      double upper = (sum - below) / (size - i);
      double between = (double) i * (size - i) / size * (upper - lower) * (upper - lower);
      if (i >= LEAST && upper > CONTRAST * lower && between > best) {
        best = between;
        cut = i;
      }
    }
    return cut;
  }

  /** Finds the centre, every block counted as often as said. */
  void evaluate(int[] times) {
    count = 0;
    total = 0;
    for (int i = 0; i < log.length; i++) {
      count += times[block[i]];
      total += times[block[i]] * weight[i];
    }
    int cut = (int) (CurveEstimate.TRIMMED * count);
    kept = count - 2 * cut;
    centre = 0;
    if (idle || count == 0) {
      return;
    }
    double sum = 0;
    int seen = 0;
    low = log[0];
    high = log[log.length - 1];
    for (int i = 0; i < log.length; i++) {
      int from = Math.max(seen, cut);
      seen += times[block[i]];
      int to = Math.min(seen, count - cut);
      if (to > from) {
        if (from == cut) {
          low = log[i];
        }
        sum += (to - from) * log[i];
        high = log[i];
      }
    }
    centre = sum / kept;
    winsorised = (sum + cut * (low + high)) / count;
  }

  /** How many blocks the centre rests on after trimming. */
  int keptBlocks() {
    int blocks = (int) Math.round(count / perBlock);
    return idle ? blocks : blocks - 2 * (int) (CurveEstimate.TRIMMED * blocks);
  }

  /** How far one entry moves the centre. */
  double influence(int entry) {
    if (idle) {
      return 0;
    }
    double clipped = Math.clamp(log[entry], low, high);
    return (clipped - winsorised) / kept;
  }
}
