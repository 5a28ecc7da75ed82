package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.Quality;
import dev.whatif.causal.experiment.Gate;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.core.report.Terminal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How far the numbers of a run can be trusted, in words. */
final class Trust {

  /** From here on a reader should doubt: parts of the experiments, the CPU time and the samples. */
  private static final double MANY_DISCARDED = 0.25;

  private static final double MUCH_CONTENTION = 0.1;
  private static final double MUCH_KERNEL = 0.5;
  private static final int MOST_NAMED = 3;

  private Trust() {}

  /** What delaying everybody seemed to save, which should be nothing. */
  private static Optional<String> control(ProgressProfile progress) {
    CurvePoint c = progress.control();
    if (c.experiments() == 0 || !Double.isFinite(c.effect())) {
      return Optional.empty();
    }
    return Optional.of(
        "%s (%s to %s) %s at %s when everybody is delayed alike%s"
            .formatted(
                Numbers.signed(c.effect()),
                Numbers.signed(c.interval().low()),
                Numbers.signed(c.interval().high()),
                Sentences.saved(progress.measure()),
                Numbers.name(progress.point()),
                controlMeans(c)));
  }

  private static String controlMeans(CurvePoint control) {
    if (control.interval().contains(0)) {
      return ": 0 is right";
    }
    return control.effect() > 0
        ? ", where 0 is right: waiting has swallowed delays"
        : ", where 0 is right: pauses have cost more than their time";
  }

  /** How far the numbers can be trusted, as pairs of a name and what is said about it. */
  static List<Fact> facts(CausalRun run, CausalProfile profile) {
    Quality q = profile.quality();
    List<Fact> facts = new ArrayList<>();
    if (profile.progress().stream().anyMatch(p -> !p.curves().isEmpty())) {
      facts.add(
          new Fact(
              "ranking",
              profile.settled()
                  ? "the first three places are settled"
                  : "the first three places may still change: measure for longer",
              !profile.settled()));
    }
    String discarded =
        q.discarded() == 0
            ? "none discarded"
            : Numbers.count(q.discarded()) + " discarded" + flaws(run);
    facts.add(
        new Fact(
            "experiments",
            Numbers.count(q.experiments()) + " used, " + discarded,
            share(q) > MANY_DISCARDED));
    facts.add(
        new Fact(
            "contention",
            Numbers.percent(q.contention()) + " of the wanted CPU time was taken by others",
            q.contention() > MUCH_CONTENTION));
    facts.add(
        new Fact(
            "kernel",
            Numbers.percent(q.kernelFraction()) + " of the samples, where nothing is made faster",
            q.kernelFraction() > MUCH_KERNEL));
    facts.add(
        new Fact(
            "debts",
            "%s at most, %s on average: delays that running threads still owed"
                .formatted(Numbers.nanos(q.maxDebtNanos()), Numbers.nanos(q.meanDebtNanos())),
            false));
    facts.add(
        new Fact(
            "slowdown",
            Numbers.percent(q.slowdown()) + " of wall time was taken from the target",
            false));
    facts.addAll(VisitCosts.facts(run, profile.progress()));
    boolean first = true;
    for (ProgressProfile p : profile.progress()) {
      boolean bad = !p.control().interval().contains(0);
      Optional<String> said = control(p);
      if (said.isPresent() && (first || bad)) {
        facts.add(new Fact("control", said.get(), bad));
        first = false;
      }
    }
    return facts;
  }

  private static double share(Quality q) {
    return (double) q.discarded() / Math.max(1, q.experiments() + q.discarded());
  }

  /** The most frequent reasons why experiments were not used; those alike but for numbers once. */
  private static String flaws(CausalRun run) {
    Map<String, List<String>> kinds =
        Gate.apply(run.observations()).stream()
            .filter(o -> !o.usable())
            .map(Observation::flaw)
            .collect(
                Collectors.groupingBy(
                    flaw -> flaw.replaceAll("\\d+", "#"), TreeMap::new, Collectors.toList()));
    String reasons =
        kinds.values().stream()
            .sorted(Comparator.comparing(flaws -> -flaws.size()))
            .limit(MOST_NAMED)
            .map(flaws ->
                (kinds.size() == 1 ? "" : Numbers.count(flaws.size()) + " because ")
                    + Terminal.clean(flaws.getFirst())
                    + (flaws.stream().distinct().count() > 1 ? ", and the like" : ""))
            .collect(Collectors.joining("; "));
    return reasons.isEmpty() ? "" : " (" + reasons + ")";
  }

  /**
   * One line of the quality box.
   *
   * @param name of it
   * @param said about it
   * @param bad whether it should make a reader doubt
   */
  record Fact(String name, String said, boolean bad) {}
}
