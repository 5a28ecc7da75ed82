package dev.whatif.causal.experiment;

import dev.whatif.causal.estimate.AlphaSpending;
import dev.whatif.causal.estimate.CurveEstimate;
import dev.whatif.causal.estimate.Standings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ListSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * What is tried next: randomised blocks, the same for the same seed and the same observations.
 *
 * <p>A block holds each of its arms once, in random order, and among them the baseline (several
 * times when many arms are compared with it), one negative control and one A/A experiment, whose
 * region changes from block to block. With few regions all speedups are tried in every block. With
 * many, a block begins with two speedups of each; at the planned looks regions that surely are not
 * among the first {@value Standings#PLACES} are dropped, and the leading ones get all speedups.
 * Nothing else that is seen changes what is tried, so that errors stay what the looks spend.
 *
 * <p>Not thread-safe.
 */
public final class ExperimentPlan {

  /** Total error that the looks may spend on dropping and stopping. */
  public static final double ALPHA = 0.05;

  /** Arms up to which every block tries all that is asked for. */
  private static final int ALL_AT_ONCE = 12;

  /** The speedup that tells most about a curve in one go, with the largest. */
  private static final double MIDDLE = 0.5;

  private final PlanOptions options;
  private final UniformRandomProvider random;
  private final Set<String> live;
  private final Set<String> leading = new LinkedHashSet<>();
  private final LengthControl length = new LengthControl();
  private int blocks;
  private int lengthBlocks;
  private int looked;
  private boolean settled;

  private ExperimentPlan(PlanOptions options) {
    this.options = options;
    random = RandomSource.XO_SHI_RO_256_PP.create(options.seed());
    live = new LinkedHashSet<>(options.regions());
  }

  /** A plan that has seen nothing yet. */
  public static ExperimentPlan of(PlanOptions options) {
    return new ExperimentPlan(options);
  }

  /** The arms of the next block, in the order in which they are to be tried. */
  public List<Arm> nextBlock() {
    List<Arm> arms = new ArrayList<>();
    boolean all = live.size() * options.speedups().size() <= ALL_AT_ONCE;
    for (String region : live) {
      for (double speedup : all || leading.contains(region) ? options.speedups() : scouts()) {
        arms.add(Arm.speedup(region, speedup));
      }
    }
    arms.add(Arm.control(options.controlShare()));
    int baselines = (int) Math.max(1, Math.round(Math.sqrt(arms.size())));
    List<String> regions = List.copyOf(live);
    arms.add(Arm.speedup(regions.get(blocks % regions.size()), 0));
    arms.addAll(Collections.nCopies(baselines, Arm.BASELINE));
    blocks++;
    ListSampler.shuffle(random, arms);
    return arms;
  }

  /** Length of each experiment of the next block. */
  public long nextLengthNanos() {
    return length.nanos();
  }

  /**
   * To be told after each block.
   *
   * @param observations all of the run so far, the last block complete
   */
  public void look(List<Observation> observations) {
    int last = observations.stream().mapToInt(Observation::block).max().orElse(-1);
    for (; lengthBlocks <= last; lengthBlocks++) {
      int block = lengthBlocks;
      length.seen(observations.stream().filter(seen -> seen.block() == block).toList());
    }
    List<Looks.Look> due = options.looks().due(observations, true);
    if (due.size() > looked) {
      double before = looked == 0 ? 0 : options.looks().fractions().get(looked - 1);
      looked = due.size();
      judge(observations, AlphaSpending.level(ALPHA, before, due.getLast().fraction()));
    }
  }

  /** Whether the first places are decided, as found at a planned look: the run may end. */
  public boolean settled() {
    return settled;
  }

  /** The regions that are still tried. */
  public Set<String> live() {
    return Collections.unmodifiableSet(live);
  }

  private void judge(List<Observation> observations, double level) {
    List<Observation> gated = Gate.apply(observations);
    Visits first = leading(gated);
    if (first == null) {
      return;
    }
    BlockLogs logs = BlockLogs.of(gated, first.point(), Gauge.leading(first));
    Map<String, CurveEstimate> estimates = new LinkedHashMap<>();
    for (String region : options.regions()) {
      if (!logs.curve(region).isEmpty()) {
        estimates.put(region, CurveEstimate.of(logs.curve(region)));
      }
    }
    Standings standings = Standings.of(estimates, level);
    settled = standings.settled() && estimates.size() == options.regions().size();
    live.removeAll(standings.hopeless());
    leading.clear();
    leading.addAll(standings.ranked().subList(0, Math.min(Standings.PLACES, estimates.size())));
  }

  /** What was seen at the first progress point, with requests if it ever had any. */
  private static @Nullable Visits leading(List<Observation> observations) {
    Visits first = null;
    for (Observation seen : observations) {
      if (!seen.visits().isEmpty() && (first == null || first.latencies().count() == 0)) {
        first = seen.visits().getFirst();
      }
    }
    return first;
  }

  private Set<Double> scouts() {
    Set<Double> scouts = new TreeSet<>();
    scouts.add(
        options.speedups().stream()
            .min((a, b) -> Double.compare(Math.abs(a - MIDDLE), Math.abs(b - MIDDLE)))
            .orElseThrow());
    scouts.add(options.speedups().getLast());
    return scouts;
  }
}
