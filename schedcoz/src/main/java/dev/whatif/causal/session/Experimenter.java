package dev.whatif.causal.session;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.Levels;
import dev.whatif.causal.account.Totals;
import dev.whatif.causal.account.VisitCount;
import dev.whatif.causal.backend.DelayBackend;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Latencies;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Carries out experiments one by one. For one thread. */
public final class Experimenter {

  /** Between looks at the target while an experiment is on. */
  private static final long STEP_NANOS = 20_000_000;

  /** Programs that were running when counting ended have ended after so long. */
  private static final long SETTLE_NANOS = 200_000;

  private final Accounting accounting;
  private final DelayBackend backend;
  private final List<String> regions;
  private final List<String> points;

  /**
   * For a target that is in scope.
   *
   * @param regions whose code the accounting knows by their place in this list
   * @param points progress points that count by their place in this list
   */
  public Experimenter(
      Accounting accounting, DelayBackend backend, List<String> regions, List<String> points) {
    this.accounting = accounting;
    this.backend = backend;
    this.regions = List.copyOf(regions);
    this.points = List.copyOf(points);
  }

  /**
   * Carries out one.
   *
   * @param block number of its block
   * @param index its number in the run
   * @param nanos how long
   * @param over asked often: whether it is to end at once, which makes it unusable
   */
  public Observation run(int block, int index, Arm arm, long nanos, BooleanSupplier over) {
    backend.follow();
    Totals before = accounting.totals();
    Map<Long, Levels.Level> threads = threads();
    long frozen = accounting.frozenNanos();
    long start = System.nanoTime();
    boolean control = arm.kind() == Arm.Kind.CONTROL;
    accounting.begin(
        regions.indexOf(arm.region()), control ? 0 : arm.speedup(), control ? arm.speedup() : 0);
    long end = start + nanos;
    boolean cut = false;
    for (long now = start; now < end && !cut; now = System.nanoTime()) {
      LockSupport.parkNanos(Math.min(STEP_NANOS, end - now));
      backend.follow();
      cut = over.getAsBoolean();
    }
    accounting.end();
    long wall = System.nanoTime() - start;
    LockSupport.parkNanos(SETTLE_NANOS);
    Totals seen = accounting.totals().since(before);
    long busiest = 0;
    long idle = 0;
    int progressThreads = 0;
    for (Map.Entry<Long, Levels.Level> entry : threads().entrySet()) {
      Levels.Level now = entry.getValue();
      Levels.Level then = threads.get(entry.getKey());
      busiest = Math.max(busiest, now.cpuNanos() - (then == null ? 0 : then.cpuNanos()));
      if (now.progress()) {
        progressThreads++;
        idle += now.idleNanos() - (then == null ? 0 : then.idleNanos());
      }
    }
    return new Observation(
        block,
        index,
        arm,
        start,
        wall,
        accounting.frozenNanos() - frozen,
        seen.samples(),
        seen.kernelSamples(),
        arm.kind() == Arm.Kind.SPEEDUP ? seen.regionSamples() : 0,
        seen.cpuNanos(),
        busiest,
        seen.stolenNanos(),
        idle,
        progressThreads,
        seen.mostDebtNanos(),
        seen.debts() == 0 ? 0 : seen.debtNanos() / seen.debts(),
        visits(),
        cut ? "it was cut short" : "");
  }

  private List<Visits> visits() {
    List<Visits> visits = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      VisitCount seen = accounting.visits(i);
      visits.add(
          new Visits(
              points.get(i), seen.count(), seen.firstNanos(), seen.lastNanos(), Latencies.NONE));
    }
    return visits;
  }

  /** By level and generation, which together are one thread's. */
  private Map<Long, Levels.Level> threads() {
    Map<Long, Levels.Level> threads = new HashMap<>();
    for (Levels.Level level : accounting.levels().all()) {
      threads.put((long) level.generation() << Integer.SIZE | level.index(), level);
    }
    return threads;
  }
}
