package dev.whatif.causal.report;

import dev.whatif.core.command.ReportSection;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.RecordingFacts;
import dev.whatif.core.report.ReportFilter;
import dev.whatif.core.report.Terminal;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import tools.jackson.databind.node.ObjectNode;

/**
 * What would happen if code were faster: the report's section about causal profiles. In JSON it is
 * the object {@code causal}.
 */
public final class CausalSection implements ReportSection {

  /** For the service loader. */
  public CausalSection() {}

  @Override
  public Set<String> events() {
    return CausalReading.EVENTS;
  }

  /** The conclusion stands last, where a reader's eye is. */
  @Override
  public int rank() {
    return 100;
  }

  @Override
  public Reading begin(Recording recording, ReportFilter filter) {
    return new Section(recording, new CausalReading());
  }

  @Override
  public Optional<Page> page(Recording recording) {
    return RunFacts.of(recording.environment()).backend().isEmpty()
        ? Optional.empty()
        : Optional.of(new Page("causal profile", new CausalHtml()));
  }

  private record Section(Recording recording, CausalReading read) implements Reading {

    @Override
    public void event(RecordedEvent event) {
      read.event(event);
    }

    @Override
    public boolean isEmpty() {
      return read.isEmpty();
    }

    @Override
    public void text(RecordingFacts facts, Terminal terminal, int top, PrintWriter out) {
      new CausalText(read.run(facts.environment()).analysed(), terminal, top, out).print();
    }

    @Override
    public void json(ObjectNode report) {
      if (!read.isEmpty()) {
        CausalJson.write(read.run(recording.environment()).analysed(), report.putObject("causal"));
      }
    }
  }
}
