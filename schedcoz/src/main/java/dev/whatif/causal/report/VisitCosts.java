package dev.whatif.causal.report;

import dev.whatif.causal.analysis.Measure;
import dev.whatif.causal.analysis.ProgressProfile;
import java.util.List;
import java.util.Optional;

/** What counting visits costs the target, in words. */
final class VisitCosts {

  /** More than this of a CPU, and the target is another one than without us. */
  private static final double MUCH = 0.05;

  private VisitCosts() {}

  /** CPU time that counting takes, in parts of one CPU; NaN when it is not known. */
  private static double share(CausalRun run, ProgressProfile progress) {
    long nanos = run.facts().visitNanos(progress.point());
    return progress.measure() != Measure.THROUGHPUT || nanos == 0
        ? Double.NaN
        : nanos * progress.baseline() / 1e9;
  }

  private static boolean isMuch(CausalRun run, ProgressProfile progress) {
    return share(run, progress) > MUCH;
  }

  /** A line for each point whose cost is known. */
  static List<Trust.Fact> facts(CausalRun run, List<ProgressProfile> progress) {
    return progress.stream()
        .filter(p -> Double.isFinite(share(run, p)))
        .map(p -> new Trust.Fact("visits", said(run, p), isMuch(run, p)))
        .toList();
  }

  private static String said(CausalRun run, ProgressProfile progress) {
    return "counting one of %s costs %s, %s of a CPU in all"
        .formatted(
            Numbers.name(progress.point()),
            Numbers.nanos(run.facts().visitNanos(progress.point())),
            Numbers.percent(share(run, progress)));
  }

  /** What to do about points that are too dear. */
  static Optional<String> warning(CausalRun run, ProgressProfile progress) {
    return isMuch(run, progress)
        ? Optional.of(
            said(run, progress)
                + ": the target is slower for it, by that much; name a place that is passed less"
                + " often, a static probe (usdt:) or a system call (syscall:)")
        : Optional.empty();
  }
}
