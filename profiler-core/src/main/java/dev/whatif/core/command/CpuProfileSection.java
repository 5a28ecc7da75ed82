package dev.whatif.core.command;

import dev.whatif.core.recording.ExecutionSamples;
import dev.whatif.core.recording.Recording;
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
    return new CpuReading(new ExecutionSamples(recording.file()), new ProfileReading(filter));
  }

  private record CpuReading(ExecutionSamples events, ProfileReading samples) implements Reading {

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
      out.println(terminal.strong(SummaryText.line(facts, profile)));
      if (profile.samples() == 0) {
        out.println(samples.filter().nobody(profile.filteredOut()));
        return;
      }
      new ProfileText(profile, terminal, top, out).print();
      List<String> next =
          List.of(
              "whatif report %s --html flame.html".formatted(facts.file()),
              "whatif export %s --format collapsed".formatted(facts.file()));
      SummaryText.end(SummaryText.notes(facts, profile), next, terminal, out);
    }

    @Override
    public void json(ObjectNode report) {
      ProfileJson.write(samples.profile(), report);
    }
  }
}
