package dev.whatif.core.command;

import dev.whatif.core.report.FactsCollector;
import dev.whatif.core.report.RecordingFacts;
import dev.whatif.core.report.ReportFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * One pass over a recording, every event handed to the sections that want it.
 *
 * @param facts what the recording says about itself
 * @param sections what each section learnt, in the order of the report
 */
record ReportReading(RecordingFacts facts, List<ReportSection.Reading> sections) {

  /** Reads a recording with all sections that are present. */
  static ReportReading of(Path file, ReportFilter filter) {
    List<ReportSection.Reading> readings = new ArrayList<>();
    Map<String, List<ReportSection.Reading>> wanted = new HashMap<>();
    for (ReportSection section : ServiceLoader.load(ReportSection.class)) {
      ReportSection.Reading reading = section.begin(filter);
      readings.add(reading);
      section.events().forEach(e -> wanted.computeIfAbsent(e, k -> new ArrayList<>()).add(reading));
    }
    FactsCollector facts = new FactsCollector(file);
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        facts.event(event);
        wanted.getOrDefault(event.getEventType().getName(), List.of()).forEach(r -> r.event(event));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ReportReading(facts.facts(), readings);
  }
}
