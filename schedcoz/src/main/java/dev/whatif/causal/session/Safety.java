package dev.whatif.causal.session;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.experiment.Latencies;
import dev.whatif.causal.progress.ProgressPoint;
import dev.whatif.causal.progress.ProgressPoints;
import java.util.List;
import java.util.Optional;

/** What a run may do to its target: for how long it is delayed, and when that ends. */
final class Safety {

  /** What was counted for a shorter time says nothing about how the target suffers. */
  private static final long JUDGED_NANOS = 200_000_000;

  /** Looks come that often or more often. */
  private static final long LOOK_NANOS = 50_000_000;

  private final Accounting accounting;
  private final ProgressPoints progress;
  private final double maxSlowdown;
  private final Optional<AbortCondition> abortIf;
  private long began;
  private long frozenBefore;
  private long countingSince;
  private Optional<String> aborted = Optional.empty();

  Safety(Accounting accounting, ProgressPoints progress, CausalOptions options) {
    this.accounting = accounting;
    this.progress = progress;
    this.maxSlowdown = options.maxSlowdown();
    this.abortIf = options.abortIf();
  }

  /** Experiments begin. */
  void begin() {
    began = System.nanoTime();
    frozenBefore = accounting.frozenNanos();
  }

  /** Visits count from now on. */
  void counting() {
    countingSince = System.nanoTime();
  }

  /** Whether the target was delayed for more than its budget allows, and has to rest. */
  boolean overBudget() {
    double frozen = accounting.frozenNanos() - frozenBefore;
    return frozen > maxSlowdown * (System.nanoTime() - began);
  }

  /**
   * Looks whether the target suffers more than the user allows.
   *
   * @param plannedNanos of the experiment that is on
   */
  boolean suffers(long plannedNanos) {
    if (abortIf.isEmpty() || aborted.isPresent()) {
      return aborted.isPresent();
    }
    long counted = System.nanoTime() - countingSince;
    if (counted < Math.min(JUDGED_NANOS, plannedNanos) - LOOK_NANOS / 2) {
      return false;
    }
    List<ProgressPoint> points = progress.all();
    Latencies latencies =
        progress.timed() == 0
            ? Latencies.NONE
            : accounting.latencies(points.getLast().number()).wall();
    long visits = accounting.visits(points.getFirst().number()).count();
    AbortCondition condition = abortIf.get();
    aborted =
        condition
            .violated(counted, visits, latencies)
            .map(seen -> "ended early: " + seen + " (--abort-if '" + condition.text() + "')");
    return aborted.isPresent();
  }

  /** Why the run was ended for the target's sake. */
  Optional<String> aborted() {
    return aborted;
  }
}
