package dev.whatif.core.report;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
              "shares are of %s samples: sampling error at most %.1f points (95 %%); %.1f %% in the kernel",
              ProfileText.count(profile.samples()),
              profile.worstErrorPercent(),
              profile.percent(profile.kernelSamples())));
    }
    for (RecordingFacts.LossTotal loss : facts.losses()) {
      if (loss.count() > 0) {
        notes.add(
            "%s lost by %s: %s"
                .formatted(
                    ProfileText.count(loss.count()),
                    Terminal.clean(loss.source()),
                    Terminal.clean(loss.reason())));
      }
    }
    if (profile.truncated() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%.1f %% of the stacks do not reach their thread's beginning: totals of outer functions are lower bounds",
              profile.percent(profile.truncated())));
    }
    profile.linesUnknown().entrySet().stream()
        .filter(e -> profile.percent(e.getValue()) >= 1 && !isKernel(e.getKey()))
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(3)
        .forEach(e ->
            notes.add(
                String.format(
                    Locale.ROOT,
                    "no lines for %s (%.1f %%): install its debug symbols (-dbg, -dbgsym or -debuginfo package) or build it with -g",
                    Terminal.clean(e.getKey()),
                    profile.percent(e.getValue()))));
    return notes;
  }

  /** Prints notes and what to do next. */
  public static void end(
      List<String> notes, List<String> next, Terminal terminal, PrintWriter out) {
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
      next.forEach(n -> out.println("  " + n));
    }
  }

  static String seconds(Duration duration) {
    double s = duration.toMillis() / 1000.0;
    return s < 120
        ? String.format(Locale.ROOT, "%.1f s", s)
        : String.format(
            Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
  }

  private static boolean isKernel(String object) {
    return object.startsWith("[");
  }

  private static String fileName(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }
}
