package dev.whatif.causal.analysis;

import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Gate;
import dev.whatif.causal.experiment.Gauge;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import java.util.List;
import java.util.Locale;

/**
 * When there is no ranking, and why.
 *
 * <p>A wrong answer costs its reader more than none. Each refusal names what was seen and what to
 * do instead.
 *
 * @param machine why nothing can be said of this run at all, or empty
 * @param usable experiments
 */
record Refusals(String machine, List<Observation> usable) {

  /** Above it experiments show what the other programs do. */
  private static final double OVERSUBSCRIBED = 0.3;

  /** Visits per experiment below which a period is no measurement. */
  private static final double TOO_FEW = 5;

  /** CPU time per wall time below which a target waits for nearly all of its time. */
  private static final double BLOCKED = 0.01;

  /** What part of the delays must have been swallowed for the gain to be called unreal. */
  private static final double SWALLOWED = 1.0 / 3;

  static Refusals of(List<Observation> usable) {
    if (usable.isEmpty()) {
      return new Refusals("no experiment could be used: see the warnings for why", usable);
    }
    double stolen = usable.stream().mapToDouble(Gate::stolen).average().orElse(0);
    if (stolen > OVERSUBSCRIBED) {
      return new Refusals(
          text(
              "the machine is oversubscribed: other programs had the CPU in %.0f %% of the time"
                  + " that the target wanted it; stop them or give the target CPUs of its own"
                  + " (taskset, cpuset)",
              100 * stolen),
          usable);
    }
    return new Refusals("", usable);
  }

  /** What forbids to rank by this measure, before anything is estimated; or empty. */
  String before(String point, Measure measure, Gauge gauge) {
    if (!machine.isEmpty()) {
      return machine;
    }
    long visits = 0;
    long counted = 0;
    long wall = 0;
    for (Observation seen : usable) {
      wall += seen.wallNanos();
      for (Visits at : seen.visits()) {
        if (at.point().equals(point)) {
          visits += at.count();
          counted += gauge.counted(at);
        }
      }
    }
    double seconds = wall / 1e9;
    if (visits == 0) {
      return text(
          "no visit of %s in %.1f s: check that the target executes it (and on which path), or"
              + " choose another progress point",
          point, seconds);
    }
    double each = (double) counted / usable.size();
    if (each < TOO_FEW && measure == Measure.THROUGHPUT) {
      return text(
          "%s was visited %.1f times per experiment of %.2f s, %.0f are the least: choose a point"
              + " that is visited more often, or run for longer",
          point, each, seconds / usable.size(), TOO_FEW);
    }
    double busy = usable.stream().mapToLong(Observation::cpuNanos).sum() / (double) wall;
    if (busy < BLOCKED && measure == Measure.THROUGHPUT) {
      return text(
          "the target is blocked nearly all of the time (%.1f %% of one CPU used): code that hardly"
              + " runs cannot limit its throughput; put load on it, or ask for --latency BEGIN"
              + " --until END",
          100 * busy);
    }
    return "";
  }

  /** What the negative control forbids, or empty. */
  String after(Measure measure, CurvePoint control) {
    double error = control.interval().halfWidth();
    // The interval is two-sided at 95 %; one-sided it is worth 97.5 %.
    if (measure != Measure.THROUGHPUT
        || control.experiments() == 0
        || control.effect() - error <= SWALLOWED * control.speedup()) {
      return "";
    }
    return text(
        "arrival-limited: delaying everybody for %.0f %% of the time cost only %.0f %%, because"
            + " waiting for arrivals or timers swallowed the rest, and faster code would only wait"
            + " longer; ask for --latency BEGIN --until END instead of throughput%s",
        100 * control.speedup(),
        Math.max(0, 100 * (control.speedup() - control.effect())),
        idleness());
  }

  private String idleness() {
    double idle = 0;
    double could = 0;
    for (Observation seen : usable) {
      if (seen.arm().kind() == Arm.Kind.BASELINE) {
        idle += seen.idleNanos();
        could += (double) seen.wallNanos() * seen.progressThreads();
      }
    }
    return idle > 0 && could > 0
        ? text(" (its progress threads waited so for %.0f %% of the time)", 100 * idle / could)
        : "";
  }

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
