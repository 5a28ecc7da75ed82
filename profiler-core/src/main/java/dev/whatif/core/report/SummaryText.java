package dev.whatif.core.report;

import dev.whatif.core.recording.LossKind;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prints what stands before and after the tables of a report: what was recorded, and the notes. */
public final class SummaryText {

  private SummaryText() {}

  /** One line: what, how long, samples, lost, mechanism. */
  public static String line(RecordingFacts facts, Profile profile) {
    Map<String, String> env = facts.environment();
    String what = env.getOrDefault("target", fileName(facts.file()));
    StringBuilder line = new StringBuilder(Terminal.clean(what));
    line.append(": ").append(seconds(facts.duration()));
    line.append(", ").append(ProfileText.count(profile.samples())).append(" samples");
    if (!facts.losses().isEmpty() || env.containsKey("mechanism")) {
      line.append(", ").append(ProfileText.count(facts.lost())).append(" lost");
    }
    List<String> how = new ArrayList<>();
    for (String key : List.of("mechanism", "rate", "stacks")) {
      if (env.containsKey(key)) {
        how.add(Terminal.clean(env.get(key)));
      }
    }
    if (!how.isEmpty()) {
      line.append("; ").append(String.join(", ", how));
    }
    return line.toString();
  }

  /** What a reader must know to believe the tables, each a sentence; most important first. */
  public static List<String> notes(RecordingFacts facts, Profile profile) {
    List<String> notes = new ArrayList<>();
    if (!facts.damage().isEmpty()) {
      notes.add(Terminal.clean(facts.damage()));
    }
    if (profile.samples() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "shares are of %s samples: sampling error at most %.1f points (95%%); %.1f%% in the kernel",
              ProfileText.count(profile.samples()),
              profile.worstErrorPercent(),
              profile.percent(profile.kernelSamples())));
    }
    for (RecordingFacts.LossTotal loss : facts.losses()) {
      if (loss.kind() == LossKind.DROPPED && loss.count() > 0) {
        notes.add(
            "%s lost by %s: %s"
                .formatted(
                    ProfileText.count(loss.count()),
                    Terminal.clean(loss.source()),
                    Terminal.clean(loss.reason())));
      }
    }
    missed(facts, profile).ifPresent(notes::add);
    unseenKernel(facts, profile).ifPresent(notes::add);
    busy(facts.environment()).ifPresent(notes::add);
    ownCost(facts).ifPresent(notes::add);
    if (profile.truncated() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%.1f%% of the stacks do not reach their thread's beginning: totals of outer functions are lower bounds",
              profile.percent(profile.truncated())));
    }
    notes.addAll(MissingNames.notes(facts.environment(), profile));
    return notes;
  }

  /** Late timers: said when they are more than a hundredth, which no table shows. */
  private static Optional<String> missed(RecordingFacts facts, Profile profile) {
    double taken = (double) profile.samples() + profile.filteredOut();
    double share = facts.missed() / Math.max(1, taken + facts.lost() + facts.missed());
    return share <= 0.01 || facts.missed() <= 10
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%.1f%% of the samples were not made, because timers came late (as in virtual machines): shares hold, counts are too small by that",
                100 * share));
  }

  private static Optional<String> unseenKernel(RecordingFacts facts, Profile profile) {
    String kernel = facts.environment().getOrDefault("kernel.samples", "yes");
    if (kernel.equals("yes")) {
      return Optional.empty();
    }
    double taken = (double) profile.samples() + profile.filteredOut();
    double share = facts.unseenKernel() / Math.max(1, taken + facts.lost() + facts.unseenKernel());
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%.1f%% of the CPU time was in the kernel, where samples are %s: shares are of the time outside it",
            100 * share,
            Terminal.clean(kernel)));
  }

  /** When others wanted the CPUs as well, times by the clock mean little; shares still hold. */
  private static Optional<String> busy(Map<String, String> env) {
    try {
      double load = Double.parseDouble(env.getOrDefault("load.start", "").split(" ", 2)[0]);
      double cpus = Double.parseDouble(env.getOrDefault("cpus", ""));
      if (load > cpus) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "the machine was busy when this began (load %.1f on %.0f CPUs): shares hold, times by the clock do not",
                load,
                cpus));
      }
    } catch (NumberFormatException e) {
      // not a recording of whatif, which states both
    }
    return Optional.empty();
  }

  private static Optional<String> ownCost(RecordingFacts facts) {
    // Of a process that also made the load, only the threads that record are the profiler's cost.
    boolean madeTheLoad = facts.environment().containsKey("workload");
    Map<String, Long> cost = facts.cost();
    long own =
        madeTheLoad
            ? cost.getOrDefault("drain", 0L) + cost.getOrDefault("write", 0L)
            : cost.getOrDefault("total", 0L);
    if (own == 0) {
      return Optional.empty();
    }
    String who = madeTheLoad ? "taking and writing samples" : "whatif itself";
    String said = String.format(Locale.ROOT, "%s took %.2f s of CPU time", who, own / 1e9);
    try {
      double target = Double.parseDouble(facts.environment().getOrDefault("target.cpu.nanos", ""));
      if (target > 0) {
        said +=
            String.format(
                Locale.ROOT, ", the target %.2f s (%.1f%%)", target / 1e9, 100 * own / target);
      }
    } catch (NumberFormatException e) {
      // the run did not end in order: the target's time is not known
    }
    return Optional.of(said);
  }

  /**
   * Something that a reader could do next.
   *
   * @param command to type
   * @param why what it is good for, a few words
   */
  public record Step(String command, String why) {}

  /** Prints notes and what to do next; why to do it only where that fits beside the command. */
  public static void end(List<String> notes, List<Step> next, Terminal terminal, PrintWriter out) {
    if (!notes.isEmpty()) {
      out.println();
      out.println(terminal.strong("notes"));
      for (String note : notes) {
        String lead = "  - ";
        for (String line : Paragraph.lines(note, terminal.columns() - lead.length())) {
          out.println(lead + line);
          lead = "    ";
        }
      }
    }
    if (!next.isEmpty()) {
      out.println();
      out.println(terminal.strong("next"));
      int width = next.stream().mapToInt(s -> s.command().length()).max().orElse(0);
      int longest = next.stream().mapToInt(s -> s.why().length()).max().orElse(0);
      boolean fits = 2 + width + 3 + longest <= terminal.columns();
      for (Step step : next) {
        String line = fits ? Terminal.left(step.command(), width) + "   " : step.command();
        out.println("  " + line + (fits ? terminal.dim(step.why()) : ""));
      }
    }
  }

  static String seconds(Duration duration) {
    double s = duration.toMillis() / 1000.0;
    return s < 120
        ? String.format(Locale.ROOT, "%.1f s", s)
        : String.format(
            Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
  }

  private static String fileName(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }
}
