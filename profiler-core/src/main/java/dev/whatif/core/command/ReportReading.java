package dev.whatif.core.command;

import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.RecordingFacts;
import dev.whatif.core.report.ReportFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;

/**
 * One pass over a recording, every event handed to the sections that want it.
 *
 * @param facts what the recording says about itself
 * @param sections what each section learnt, in the order of the report
 */
record ReportReading(RecordingFacts facts, List<ReportSection.Reading> sections) {

  /** The page of the first section that has one. */
  static Optional<ReportSection.Page> page(Recording recording) {
    return all().stream().flatMap(s -> s.page(recording).stream()).findFirst();
  }

  private static List<ReportSection> all() {
    return ServiceLoader.load(ReportSection.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(ReportSection::rank))
        .toList();
  }

  /** Reads a recording with all sections that are present. */
  static ReportReading of(Recording recording, ReportFilter filter) {
    List<ReportSection.Reading> readings = new ArrayList<>();
    Map<String, List<ReportSection.Reading>> wanted = new HashMap<>();
    for (ReportSection section : all()) {
      ReportSection.Reading reading = section.begin(recording, filter);
      readings.add(reading);
      section.events().forEach(e -> wanted.computeIfAbsent(e, k -> new ArrayList<>()).add(reading));
    }
    try (Stream<RecordedEvent> events = recording.events()) {
      events.forEach(event ->
          wanted
              .getOrDefault(event.getEventType().getName(), List.of())
              .forEach(r -> r.event(event)));
    }
    return new ReportReading(RecordingFacts.of(recording), readings);
  }
}
