package dev.whatif.core.command;

import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.ExportFormat;
import dev.whatif.core.report.RecordingFacts;
import dev.whatif.core.report.ReportFilter;
import dev.whatif.core.report.Terminal;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a report says about one kind of event, found by {@link java.util.ServiceLoader}. The section
 * itself has no state; what it learns from one recording is a {@link Reading}.
 */
public interface ReportSection {

  /** The names of the events it wants to see. */
  Set<String> events();

  /** Where it stands in the report: those with smaller numbers come first. */
  default int rank() {
    return 0;
  }

  /** Begins to read a recording. */
  Reading begin(Recording recording, ReportFilter filter);

  /**
   * The page that {@code --html} writes instead of a flame graph; empty when the recording has
   * nothing for one, as the facts tell.
   */
  default Optional<Page> page(Recording recording) {
    return Optional.empty();
  }

  /**
   * A page that any browser opens, without network.
   *
   * @param title what it shows, for people: "causal profile"
   * @param format that writes it
   */
  record Page(String title, ExportFormat format) {}

  /** What a section learns from one recording. Confined to one thread. */
  interface Reading {

    /** One of the wanted events, in the order of the recording; the object may be reused. */
    void event(RecordedEvent event);

    /** Whether there is nothing to say. */
    boolean isEmpty();

    /**
     * Prints it for people.
     *
     * @param top how many rows a table may have
     */
    void text(RecordingFacts facts, Terminal terminal, int top, PrintWriter out);

    /** Adds its fields to the report's top level. */
    void json(ObjectNode report);
  }
}
