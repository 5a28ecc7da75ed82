package dev.whatif.causal.report;

import dev.whatif.causal.experiment.Looks;
import dev.whatif.core.recording.Recorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run was asked to do. In a recording it is facts ({@code whatif.Environment}) whose keys
 * begin with {@code causal.}.
 *
 * @param backend how threads were delayed, for example {@code signal}
 * @param seed of the random order of experiments
 * @param regions whose code was made faster
 * @param progress the progress points
 * @param speedups that were tried, 0 to 1
 * @param looks when significance was judged: what an analysis needs besides the observations
 * @param budgets what the run was allowed to do to its target, for people; by name
 */
public record RunFacts(
    String backend,
    long seed,
    List<Region> regions,
    List<Point> progress,
    List<Double> speedups,
    Looks looks,
    Map<String, String> budgets) {

  private static final String PREFIX = "causal.";
  private static final String BACKEND = PREFIX + "backend";
  private static final String SEED = PREFIX + "seed";
  private static final String REGION = PREFIX + "region.";
  private static final String CODE = ".code";
  private static final String PROGRESS = PREFIX + "progress.";
  private static final String VISIT = ".visit.nanos";
  private static final String SPEEDUPS = PREFIX + "speedups";
  private static final String LOOKS = PREFIX + "looks";
  private static final String LOOKS_START = LOOKS + ".start";
  private static final String LOOKS_PLANNED = LOOKS + ".planned";
  private static final String BUDGET = PREFIX + "budget.";

  /** Nothing is known: the recording is of an older kind, or the run ended at once. */
  public static final RunFacts UNKNOWN =
      new RunFacts(
          "", 0, List.of(), List.of(), List.of(), Looks.quarters(0, Long.MAX_VALUE), Map.of());

  /**
   * Code that was made faster.
   *
   * @param name of the region
   * @param code where it is, for people: files and ranges of offsets
   */
  public record Region(String name, String code) {}

  /**
   * A progress point.
   *
   * @param name as the user wrote it
   * @param visitNanos CPU time that counting a visit costs the target, as measured; 0 is not known
   */
  public record Point(String name, long visitNanos) {}

  /** What counting the visits of a point costs, in nanoseconds each; 0 is not known. */
  public long visitNanos(String point) {
    return progress.stream()
        .filter(p -> p.name().equals(point))
        .mapToLong(Point::visitNanos)
        .findFirst()
        .orElse(0);
  }

  /** Copies the collections. */
  public RunFacts {
    regions = List.copyOf(regions);
    progress = List.copyOf(progress);
    speedups = List.copyOf(speedups);
    budgets = Map.copyOf(budgets);
  }

  /** Adds them to a recording. */
  public void write(Recorder recorder) {
    recorder.environment(BACKEND, backend);
    recorder.environment(SEED, Long.toString(seed));
    for (int i = 0; i < progress.size(); i++) {
      recorder.environment(PROGRESS + i, progress.get(i).name());
      recorder.environment(PROGRESS + i + VISIT, Long.toString(progress.get(i).visitNanos()));
    }
    for (int i = 0; i < regions.size(); i++) {
      recorder.environment(REGION + i, regions.get(i).name());
      recorder.environment(REGION + i + CODE, regions.get(i).code());
    }
    recorder.environment(SPEEDUPS, joined(speedups));
    recorder.environment(LOOKS, joined(looks.fractions()));
    recorder.environment(LOOKS_START, Long.toString(looks.startNanos()));
    recorder.environment(LOOKS_PLANNED, Long.toString(looks.plannedNanos()));
    budgets.forEach((name, value) -> recorder.environment(BUDGET + name, value));
  }

  private static String joined(List<Double> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** What the facts of a recording say; what they do not say is empty. */
  public static RunFacts of(Map<String, String> environment) {
    List<Region> regions = new ArrayList<>();
    for (String name : numbered(environment, REGION)) {
      String code = environment.getOrDefault(REGION + regions.size() + CODE, "");
      regions.add(new Region(name, code));
    }
    List<Point> progress = new ArrayList<>();
    for (String name : numbered(environment, PROGRESS)) {
      String cost = environment.getOrDefault(PROGRESS + progress.size() + VISIT, "");
      progress.add(new Point(name, whole(cost)));
    }
    Map<String, String> budgets = new LinkedHashMap<>();
    environment.forEach((key, value) -> {
      if (key.startsWith(BUDGET)) {
        budgets.put(key.substring(BUDGET.length()), value);
      }
    });
    return new RunFacts(
        environment.getOrDefault(BACKEND, ""),
        whole(environment.getOrDefault(SEED, "")),
        regions,
        progress,
        fractions(environment.getOrDefault(SPEEDUPS, "")),
        looks(environment),
        budgets);
  }

  private static List<String> numbered(Map<String, String> environment, String prefix) {
    List<String> values = new ArrayList<>();
    String value = environment.get(prefix + 0);
    while (value != null) {
      values.add(value);
      value = environment.get(prefix + values.size());
    }
    return values;
  }

  private static long whole(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0; // somebody else's fact of the same name
    }
  }

  private static Looks looks(Map<String, String> environment) {
    try {
      return new Looks(
          whole(environment.getOrDefault(LOOKS_START, "")),
          whole(environment.getOrDefault(LOOKS_PLANNED, "")),
          fractions(environment.getOrDefault(LOOKS, "")));
    } catch (IllegalArgumentException e) {
      return UNKNOWN.looks(); // there are none, or they are not ours
    }
  }

  private static List<Double> fractions(String text) {
    List<Double> values = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        values.add(Double.valueOf(part));
      } catch (NumberFormatException e) {
        // empty, or not ours
      }
    }
    return values;
  }
}
