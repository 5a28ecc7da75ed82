package dev.whatif.core.command;

import dev.whatif.core.recording.ExecutionSamples;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.Paragraph;
import dev.whatif.core.report.Profile;
import dev.whatif.core.report.ProfileJson;
import dev.whatif.core.report.ProfileReading;
import dev.whatif.core.report.ProfileText;
import dev.whatif.core.report.RecordingFacts;
import dev.whatif.core.report.ReportFilter;
import dev.whatif.core.report.SummaryText;
import dev.whatif.core.report.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import tools.jackson.databind.node.ObjectNode;

/** Where CPU time went: the report's section about {@code jdk.ExecutionSample}. */
public final class CpuProfileSection implements ReportSection {

  /** For the service loader. */
  public CpuProfileSection() {}

  @Override
  public Set<String> events() {
    return Set.of(ExecutionSamples.EVENT);
  }

  @Override
  public Reading begin(Recording recording, ReportFilter filter) {
    return new CpuReading(
        new ExecutionSamples(recording.file()),
        new ProfileReading(filter),
        ReportReading.page(recording).map(Page::title));
  }

  /**
   * What is learnt.
   *
   * @param page title of what {@code --html} writes instead of a flame graph
   */
  private record CpuReading(ExecutionSamples events, ProfileReading samples, Optional<String> page)
      implements Reading {

    @Override
    public void event(RecordedEvent event) {
      samples.add(events.of(event));
    }

    @Override
    public boolean isEmpty() {
      Profile profile = samples.profile();
      return profile.samples() == 0 && profile.filteredOut() == 0;
    }

    @Override
    public void text(RecordingFacts facts, Terminal terminal, int top, PrintWriter out) {
      Profile profile = samples.profile();
      for (String line : Paragraph.lines(SummaryText.line(facts, profile), terminal.columns())) {
        out.println(terminal.strong(line));
      }
      if (profile.samples() == 0) {
        out.println(samples.filter().nobody(profile.filteredOut()));
        return;
      }
      new ProfileText(profile, terminal, top, out).print();
      String file = quoted(facts.file());
      List<SummaryText.Step> next =
          List.of(
              new SummaryText.Step(
                  page.isPresent()
                      ? "whatif export %s --format flamegraph -o flame.html".formatted(file)
                      : "whatif report %s --html flame.html".formatted(file),
                  "flame graph to browse"),
              new SummaryText.Step(
                  "whatif export %s --format collapsed".formatted(file), "stacks for other tools"),
              new SummaryText.Step(
                  "jfr view hot-methods %s".formatted(file), "the JDK's own tool"));
      SummaryText.end(SummaryText.notes(facts, profile), next, terminal, out);
    }

    /** As a shell wants it. */
    private static String quoted(String file) {
      return file.matches("[\\w./+:@%-]+") ? file : "'" + file.replace("'", "'\\''") + "'";
    }

    @Override
    public void json(ObjectNode report) {
      ProfileJson.write(samples.profile(), report);
    }
  }
}
