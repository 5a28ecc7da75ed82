package dev.whatif.core.recording;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;

/** Collects what a recording says about itself from all of its events. Confined to one thread. */
final class RecordedFacts {

  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<Loss> losses = new ArrayList<>();
  private final List<Cost> costs = new ArrayList<>();
  private final List<MappingEvent> mappings = new ArrayList<>();

  /** One event of any type. */
  void event(RecordedEvent e) {
    switch (e.getEventType().getName()) {
      case "whatif.Environment" -> environment.put(text(e, "key"), text(e, "value"));
      case "whatif.Loss" -> losses.add(loss(e));
      case "whatif.Cost" -> costs.add(cost(e));
      case "whatif.Mapping" -> mappings.add(mapping(e));
      default -> {
        // samples, and events of other modules
      }
    }
  }

  Map<String, String> environment() {
    return Collections.unmodifiableMap(environment);
  }

  List<Loss> losses() {
    return Collections.unmodifiableList(losses);
  }

  List<Cost> costs() {
    return Collections.unmodifiableList(costs);
  }

  List<MappingEvent> mappings() {
    return Collections.unmodifiableList(mappings);
  }

  private static Loss loss(RecordedEvent e) {
    return new Loss(
        e.getLong("startTime"),
        text(e, "source"),
        text(e, "reason"),
        e.getLong("count"),
        (int) e.getLong("processId"));
  }

  private static Cost cost(RecordedEvent e) {
    return new Cost(
        e.getLong("startTime"), text(e, "part"), e.getLong("cpuNanos"), e.getLong("wallNanos"));
  }

  private static MappingEvent mapping(RecordedEvent e) {
    return new MappingEvent(
        e.getLong("startTime"),
        (int) e.getLong("processId"),
        e.getLong("start"),
        e.getLong("size"),
        e.getLong("fileOffset"),
        text(e, "path"),
        e.getString("buildId"));
  }

  private static String text(RecordedEvent e, String field) {
    String text = e.getString(field);
    return text == null ? "" : text;
  }
}
