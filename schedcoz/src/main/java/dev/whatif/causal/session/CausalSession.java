package dev.whatif.causal.session;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingFacts;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.account.SamplingPeriod;
import dev.whatif.causal.analysis.AnalysisOptions;
import dev.whatif.causal.analysis.CausalAnalysis;
import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.backend.DelayBackend;
import dev.whatif.causal.backend.SignalBackend;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.ExperimentPlan;
import dev.whatif.causal.experiment.Looks;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.PlanOptions;
import dev.whatif.causal.experiment.Visits;
import dev.whatif.causal.progress.ProgressPoint;
import dev.whatif.causal.progress.ProgressPoints;
import dev.whatif.causal.progress.VisitCost;
import dev.whatif.causal.report.CausalEvents;
import dev.whatif.causal.report.CausalRun;
import dev.whatif.causal.report.LiveState;
import dev.whatif.causal.report.RunFacts;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
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
  private final ProgressPoints progress;
  private final Safety safety;
  private final List<Observation> observations = new ArrayList<>();
  private final long start = System.nanoTime();
  private Optional<CausalProfile> latest = Optional.empty();
  private long analysedAt;
  private long lookedAt;
  private boolean lives = true;
  private long waitingSince;
  private boolean visited;

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
    this.progress = new ProgressPoints(accounting, options.progress(), options.latencies());
    this.safety = new Safety(accounting, progress, options);
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
    Regions regions = new Regions(accounting, code, options);
    List<Region> chosen = choose(regions);
    long planned = Math.min(options.duration().toNanos(), Duration.ofDays(1).toNanos());
    boolean openEnd = planned == Duration.ofDays(1).toNanos();
    Looks looks =
        Looks.quarters(
            System.nanoTime(),
            openEnd ? OPEN_END.toNanos() : Math.max(1, planned - (System.nanoTime() - start)));
    RunFacts facts = facts(chosen, looks, new VisitCost(accounting));
    facts.write(recorder);
    experiment(regions, chosen, looks);
    if (observations.isEmpty()) {
      requireReason();
    }
    CausalProfile profile =
        CausalAnalysis.of(observations, AnalysisOptions.ended(options.seed(), looks));
    CausalEvents.write(recorder, profile, System.nanoTime());
    AccountingFacts.write(accounting, recorder);
    return new CausalRun(
        target.name() + " (pid " + target.leader() + ")",
        facts,
        observations,
        Optional.of(profile));
  }

  /** Only the user may end a run before anything was measured. */
  private void requireReason() {
    if (target.processes().isEmpty()) {
      throw new TargetLostException(
          target.name() + " ended before an experiment was finished",
          "profile it for longer, or under more load");
    }
    if (aborted().isPresent()) {
      throw new UnavailableException(
          aborted().get() + ", before an experiment was finished",
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
            .formatted(
                progress.unvisited().orElse(progress.all().getFirst()).name(),
                (System.nanoTime() - waitingSince) / 1_000_000_000L),
        "put the target under load, or name a place that it passes for every unit of work");
  }

  private RunFacts facts(List<Region> regions, Looks looks, VisitCost visitCost) {
    return new RunFacts(
        backend.name(),
        options.seed(),
        regions.stream().map(r -> new RunFacts.Region(r.name(), r.code())).toList(),
        progress.all().stream().map(p -> new RunFacts.Point(p.name(), visitCost.nanos(p))).toList(),
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

  /** Why the run was ended for the target's sake. */
  public Optional<String> aborted() {
    return safety.aborted();
  }

  private boolean ended() {
    return aborted().isPresent()
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
        progress.attach(code);
        return;
      } catch (UsageException e) {
        if (target.processes().isEmpty()) {
          throw new TargetLostException(
              target.name() + " has ended before its progress points were found",
              "give it work that takes longer");
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
      follow();
      backend.follow();
      long waited = System.nanoTime() - waitingSince;
      Optional<ProgressPoint> missing = progress.unvisited();
      visited = missing.isEmpty();
      if (visited && (waited >= CALIBRATION_NANOS || !options.regions().isEmpty())) {
        break;
      }
      say(
          missing.map(p -> "waiting for a visit of " + p.name()).orElse("collecting samples"),
          null);
      if (!visited && waited >= FIRST_VISIT.toNanos()) {
        throw notVisited();
      }
    }
    accounting.end();
    accounting.note(false);
  }

  /** New processes come into scope, and progress counts in code that was mapped meanwhile. */
  private boolean follow() {
    if (code.refresh(membership.follow()).isEmpty()) {
      return false;
    }
    progress.follow(code);
    return true;
  }

  private List<Region> choose(Regions regions) {
    follow();
    List<Region> chosen = regions.choose(progress);
    if (chosen.isEmpty() && !ended()) {
      throw new UnavailableException(
          "no code of %s was found running in %.1f s (within --scope and --exclude)"
              .formatted(target.name(), CALIBRATION_NANOS / 1e9),
          "put it under load; if it is busy in the kernel only, nothing in it can be made faster");
    }
    return chosen;
  }

  private void experiment(Regions regions, List<Region> chosen, Looks looks) {
    if (chosen.isEmpty()) {
      return;
    }
    List<String> names = chosen.stream().map(Region::name).toList();
    Experimenter experimenter =
        new Experimenter(accounting, backend, names, progress.all(), progress.timed());
    ExperimentPlan plan =
        ExperimentPlan.of(
            new PlanOptions(options.seed(), names, options.speedups(), CONTROL_SHARE, looks));
    safety.begin();
    for (int block = 0; !ended(); block++) {
      if (follow()) {
        regions.follow();
      }
      long nanos = plan.nextLengthNanos();
      for (Arm arm : plan.nextBlock()) {
        if (ended()) {
          break;
        }
        say("", arm);
        safety.counting();
        Observation seen =
            experimenter.run(
                block, observations.size(), arm, nanos, () -> ended() || safety.suffers(nanos));
        if (seen.usable()) {
          observations.add(seen);
          CausalEvents.write(recorder, seen);
        }
        rest();
      }
      plan.look(observations);
      analyse(looks);
    }
  }

  /** Lets the target run until it was delayed for no more than its budget allows. */
  private void rest() {
    while (safety.overBudget() && !ended()) {
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
