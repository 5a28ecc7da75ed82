package dev.whatif.causal.session;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.account.SamplingPeriod;
import dev.whatif.causal.account.Totals;
import dev.whatif.causal.analysis.AnalysisOptions;
import dev.whatif.causal.analysis.CausalAnalysis;
import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.backend.DelayBackend;
import dev.whatif.causal.backend.SignalBackend;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.ExperimentPlan;
import dev.whatif.causal.experiment.Latencies;
import dev.whatif.causal.experiment.Looks;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.PlanOptions;
import dev.whatif.causal.experiment.Visits;
import dev.whatif.causal.progress.ProgressPoint;
import dev.whatif.causal.report.CausalEvents;
import dev.whatif.causal.report.CausalRun;
import dev.whatif.causal.report.LiveState;
import dev.whatif.causal.report.RunFacts;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.TargetCode;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run: takes the target into scope, finds out what is worth trying, carries out experiments until
 * it is over, and says what came out. For one thread.
 */
public final class CausalSession implements AutoCloseable {

  /** How long samples are collected before regions are chosen. */
  private static final long CALIBRATION_NANOS = 2_000_000_000L;

  /** How long the first visit is waited for. */
  private static final Duration FIRST_VISIT = Duration.ofSeconds(10);

  /** Who has waited for less cannot say that there are no visits. */
  private static final long LEAST_WAIT_NANOS = 1_000_000_000L;

  /** How long a launched program may take until its code is there. */
  private static final Duration STARTING = Duration.ofSeconds(5);

  private static final long STEP_NANOS = 50_000_000;

  /** What was counted for a shorter time says nothing about how the target suffers. */
  private static final long JUDGED_NANOS = 200_000_000;

  /** Between two looks whether the target lives. */
  private static final long LIFE_NANOS = 200_000_000;

  /** Between two analyses while running. */
  private static final long ANALYSIS_NANOS = 1_000_000_000L;

  /** Looks at a run that has no planned end. */
  private static final Duration OPEN_END = Duration.ofMinutes(2);

  /** Of wall time, in which control experiments delay everybody. */
  private static final double CONTROL_SHARE = 0.2;

  private final Target target;
  private final CausalOptions options;
  private final Recorder recorder;
  private final Consumer<LiveState> live;
  private final BooleanSupplier over;
  private final Accounting accounting;
  private final DelayBackend backend;
  private final Membership membership;
  private final TargetCode code;
  private final List<ProgressPoint> points = new ArrayList<>();
  private final List<Observation> observations = new ArrayList<>();
  private final long start = System.nanoTime();
  private Optional<CausalProfile> latest = Optional.empty();
  private long analysedAt;
  private long lookedAt;
  private boolean lives = true;
  private long frozenAtStart;
  private long countingSince;
  private long waitingSince;
  private boolean visited;
  private Optional<String> aborted = Optional.empty();

  private CausalSession(
      Target target,
      CausalOptions options,
      Recorder recorder,
      Consumer<LiveState> live,
      BooleanSupplier over,
      Accounting accounting) {
    this.target = target;
    this.options = options;
    this.recorder = recorder;
    this.live = live;
    this.over = over;
    this.accounting = accounting;
    this.backend = new SignalBackend(accounting);
    this.membership = new Membership(accounting, target);
    this.code = TargetCode.of(List.of(), DebugFiles.standard());
  }

  /**
   * Takes the target into scope; a launched one is still held.
   *
   * @param live is told how it goes, often
   * @param over is asked often: whether the user has had enough
   * @throws UnavailableException when this user may not, or this kernel cannot
   */
  public static CausalSession start(
      Target target,
      CausalOptions options,
      Recorder recorder,
      Consumer<LiveState> live,
      BooleanSupplier over) {
    SamplingPeriod period = SamplingPeriod.calibrate();
    period.write(recorder);
    Accounting accounting = Accounting.start(AccountingOptions.DEFAULT.withPeriod(period.nanos()));
    CausalSession session = new CausalSession(target, options, recorder, live, over, accounting);
    try {
      session.membership.follow();
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Carries it out.
   *
   * @throws UsageException when a place does not exist, or a progress point lies in its region
   * @throws UnavailableException when nothing makes progress
   * @throws TargetLostException when the target ends before anything was measured
   */
  public CausalRun run() {
    say("looking for the code", null);
    if (target instanceof Target.Launched launched) {
      launched.child().release();
    }
    attach();
    awaitVisit();
    List<Region> regions = regions();
    for (int i = 0; i < regions.size(); i++) {
      accounting.region(i, regions.get(i).byFile());
    }
    long planned = Math.min(options.duration().toNanos(), Duration.ofDays(1).toNanos());
    boolean openEnd = planned == Duration.ofDays(1).toNanos();
    Looks looks =
        Looks.quarters(
            System.nanoTime(),
            openEnd ? OPEN_END.toNanos() : Math.max(1, planned - (System.nanoTime() - start)));
    RunFacts facts = facts(regions, looks);
    facts.write(recorder);
    experiment(regions, looks);
    if (observations.isEmpty()) {
      requireReason();
    }
    CausalProfile profile =
        CausalAnalysis.of(observations, AnalysisOptions.ended(options.seed(), looks));
    CausalEvents.write(recorder, profile, System.nanoTime());
    noteAccounting();
    return new CausalRun(
        target.name() + " (pid " + target.leader() + ")",
        facts,
        observations,
        Optional.of(profile));
  }

  /** How the accounting fared: for those who doubt a result. */
  private void noteAccounting() {
    Totals totals = accounting.totals();
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put("pauses", totals.pauses());
    numbers.put("paused.nanos", totals.pausedNanos());
    numbers.put("unpausable", totals.unpausable());
    numbers.put("unpausable.no.room", totals.noRoom());
    numbers.put("unplaced.samples", totals.unplaced());
    numbers.put("lost.places", totals.lostPlaces());
    numbers.put("unexplained.wakes", totals.unexplained());
    numbers.put("unlevelled.threads", accounting.unlevelled());
    numbers.forEach(
        (name, number) -> recorder.environment("causal.accounting." + name, Long.toString(number)));
    recorder.environment("causal.accounting.in.step", Boolean.toString(accounting.inStep()));
  }

  /** Only the user may end a run before anything was measured. */
  private void requireReason() {
    if (target.processes().isEmpty()) {
      throw new TargetLostException(
          target.name() + " ended before an experiment was finished",
          "profile it for longer, or under more load");
    }
    if (aborted.isPresent()) {
      throw new UnavailableException(
          aborted.get() + ", before an experiment was finished",
          "it may be so by itself: allow more than that, or delay it less (--max-slowdown 5%)");
    }
    if (over.getAsBoolean()) {
      return;
    }
    if (!visited && System.nanoTime() - waitingSince >= LEAST_WAIT_NANOS) {
      throw notVisited();
    }
    throw new UsageException(
        "no experiment was finished in the %.1f s of the run"
            .formatted(options.duration().toNanos() / 1e9),
        "run for longer: --duration 30s");
  }

  private UnavailableException notVisited() {
    return new UnavailableException(
        "progress point '%s' was not visited since whatif began to count, %d s ago"
            .formatted(missing().name(), (System.nanoTime() - waitingSince) / 1_000_000_000L),
        "put the target under load, or name a place that it passes for every unit of work");
  }

  private RunFacts facts(List<Region> regions, Looks looks) {
    return new RunFacts(
        backend.name(),
        options.seed(),
        regions.stream().map(r -> new RunFacts.Region(r.name(), r.code())).toList(),
        points.stream().map(ProgressPoint::name).toList(),
        options.speedups(),
        looks,
        budgets());
  }

  private Map<String, String> budgets() {
    Map<String, String> budgets = new LinkedHashMap<>();
    budgets.put("max-slowdown", String.format(Locale.ROOT, "%.0f %%", 100 * options.maxSlowdown()));
    options.abortIf().ifPresent(condition -> budgets.put("abort-if", condition.text()));
    return budgets;
  }

  /** Whether the target suffers more than the user allows: looked at now and then. */
  private boolean suffers(long plannedNanos) {
    if (options.abortIf().isEmpty() || aborted.isPresent()) {
      return aborted.isPresent();
    }
    long counted = System.nanoTime() - countingSince;
    if (counted < Math.min(JUDGED_NANOS, plannedNanos) - STEP_NANOS / 2) {
      return false;
    }
    AbortCondition condition = options.abortIf().get();
    Latencies latencies =
        options.latencies().isEmpty()
            ? Latencies.NONE
            : accounting.latencies(points.getLast().number()).wall();
    aborted =
        condition
            .violated(counted, accounting.visits(points.getFirst().number()).count(), latencies)
            .map(seen -> "ended early: " + seen + " (--abort-if '" + condition.text() + "')");
    return aborted.isPresent();
  }

  /** Why the run was ended for the target's sake. */
  public Optional<String> aborted() {
    return aborted;
  }

  private boolean ended() {
    return aborted.isPresent()
        || over.getAsBoolean()
        || System.nanoTime() - start >= options.duration().toNanos()
        || !lives();
  }

  /** Looking through all processes takes a millisecond: it is not done at every step. */
  private boolean lives() {
    long now = System.nanoTime();
    if (now - lookedAt >= LIFE_NANOS) {
      lookedAt = now;
      lives = !target.processes().isEmpty();
    }
    return lives;
  }

  private void attach() {
    long deadline = System.nanoTime() + STARTING.toNanos();
    boolean starting = target instanceof Target.Launched;
    while (true) {
      code.refresh(membership.follow());
      try {
        while (points.size() < options.progress().size()) {
          int number = points.size();
          points.add(
              ProgressPoint.attach(accounting, code, number, options.progress().get(number)));
        }
        int counting = options.progress().size();
        while (points.size() < counting + options.latencies().size()) {
          int number = points.size();
          points.add(
              ProgressPoint.attach(
                  accounting, code, number, options.latencies().get(number - counting)));
        }
        return;
      } catch (UsageException e) {
        if (target.processes().isEmpty()) {
          throw new TargetLostException(
              "%s has ended; until then: %s".formatted(target.name(), e.getMessage()), e.remedy());
        }
        if (!starting || System.nanoTime() > deadline || ended()) {
          throw e;
        }
        LockSupport.parkNanos(STEP_NANOS); // its libraries are still being loaded
      }
    }
  }

  /** Waits for progress, and collects samples meanwhile. */
  private void awaitVisit() {
    accounting.note(true);
    accounting.begin(-1, 0, 0);
    waitingSince = System.nanoTime();
    while (!ended()) {
      LockSupport.parkNanos(STEP_NANOS);
      membership.follow();
      backend.follow();
      long waited = System.nanoTime() - waitingSince;
      visited = points.stream().allMatch(point -> accounting.visits(point.number()).count() > 0);
      if (visited && (waited >= CALIBRATION_NANOS || !options.regions().isEmpty())) {
        break;
      }
      say(visited ? "collecting samples" : "waiting for a visit of " + missing().name(), null);
      if (!visited && waited >= FIRST_VISIT.toNanos()) {
        throw notVisited();
      }
    }
    accounting.end();
    accounting.note(false);
  }

  private ProgressPoint missing() {
    return points.stream()
        .filter(point -> accounting.visits(point.number()).count() == 0)
        .findFirst()
        .orElse(points.getFirst());
  }

  private List<Region> regions() {
    code.refresh(membership.follow());
    List<Region> regions = new ArrayList<>();
    for (Place place : options.regions()) {
      Region region = new Region(place.text(), code.ranges(place));
      for (ProgressPoint point : points) {
        if (point.sites().stream().anyMatch(region::contains)) {
          throw new UsageException(
              "progress point '%s' lies inside of region '%s', whose speed it would measure"
                  .formatted(point.name(), place.text()),
              "name a progress point that the region is a part of, not the reverse");
        }
      }
      regions.add(region);
    }
    if (regions.isEmpty()) {
      for (Region region : new Candidates(code, options).of(accounting.code())) {
        if (points.stream().flatMap(point -> point.sites().stream()).noneMatch(region::contains)) {
          regions.add(region);
        }
      }
      if (regions.isEmpty() && !ended()) {
        throw new UnavailableException(
            "no code of %s was found running in %.1f s (within --scope and --exclude)"
                .formatted(target.name(), CALIBRATION_NANOS / 1e9),
            "put it under load; if it is busy in the kernel only, nothing in it can be made faster");
      }
    }
    return regions;
  }

  private void experiment(List<Region> regions, Looks looks) {
    if (regions.isEmpty()) {
      return;
    }
    List<String> names = regions.stream().map(Region::name).toList();
    Experimenter experimenter =
        new Experimenter(accounting, backend, names, points, options.latencies().size());
    ExperimentPlan plan =
        ExperimentPlan.of(
            new PlanOptions(options.seed(), names, options.speedups(), CONTROL_SHARE, looks));
    frozenAtStart = accounting.frozenNanos();
    long began = System.nanoTime();
    for (int block = 0; !ended(); block++) {
      follow(regions);
      long nanos = plan.nextLengthNanos();
      for (Arm arm : plan.nextBlock()) {
        if (ended()) {
          break;
        }
        say("", arm);
        countingSince = System.nanoTime();
        Observation seen =
            experimenter.run(
                block, observations.size(), arm, nanos, () -> ended() || suffers(nanos));
        if (seen.usable()) {
          observations.add(seen);
          CausalEvents.write(recorder, seen);
        }
        rest(began);
      }
      plan.look(observations);
      analyse(looks);
    }
  }

  /** New processes come into scope, and code that was mapped meanwhile belongs to its regions. */
  private void follow(List<Region> regions) {
    if (code.refresh(membership.follow()).isEmpty()) {
      return;
    }
    for (int i = 0; i < options.regions().size(); i++) {
      Region region = new Region(regions.get(i).name(), code.ranges(options.regions().get(i)));
      if (!region.equals(regions.get(i))) {
        accounting.region(i, region.byFile());
      }
    }
  }

  /** Lets the target run until it was delayed for no more than its budget allows. */
  private void rest(long began) {
    double frozen = accounting.frozenNanos() - frozenAtStart;
    while (frozen > options.maxSlowdown() * (System.nanoTime() - began) && !ended()) {
      say("", null);
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  private void analyse(Looks looks) {
    long now = System.nanoTime();
    if (now - analysedAt >= ANALYSIS_NANOS && !observations.isEmpty()) {
      analysedAt = now;
      latest =
          Optional.of(CausalAnalysis.of(observations, AnalysisOptions.live(options.seed(), looks)));
    }
  }

  private void say(String doing, @Nullable Arm arm) {
    long total = options.duration().toNanos();
    live.accept(
        new LiveState(
            doing,
            System.nanoTime() - start,
            total >= Duration.ofDays(1).toNanos() ? Long.MAX_VALUE : total,
            observations.size(),
            rate(),
            Optional.ofNullable(arm),
            latest));
  }

  private double rate() {
    if (observations.isEmpty()) {
      return Double.NaN;
    }
    Observation last = observations.getLast();
    Visits visits = last.visits().getFirst();
    return visits.count() * 1e9 / last.wallNanos();
  }

  /** The processes that could not be delayed, with the reason. */
  public Map<Integer, String> refusals() {
    return backend.refusals();
  }

  @Override
  public void close() {
    try {
      backend.close();
    } finally {
      accounting.close();
      code.close();
    }
  }
}
