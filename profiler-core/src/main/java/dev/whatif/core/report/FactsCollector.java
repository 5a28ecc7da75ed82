package dev.whatif.core.report;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;

/** Collects {@link RecordingFacts} while a recording is read. Confined to one thread. */
public final class FactsCollector {

  private record LossKey(String source, String reason) {}

  private final String file;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<LossKey, Long> losses = new LinkedHashMap<>();
  private final Map<String, Long> cost = new TreeMap<>();
  private Instant first = Instant.MAX;
  private Instant last = Instant.MIN;
  private String damage = "";

  /** For one file. */
  public FactsCollector(Path file) {
    this.file = file.toString();
  }

  /** Any event. */
  public void event(RecordedEvent event) {
    Instant start = event.getStartTime();
    if (start.isBefore(first)) {
      first = start;
    }
    Instant end = event.getEndTime();
    if (end.isAfter(last)) {
      last = end;
    }
    switch (event.getEventType().getName()) {
      case "whatif.Environment" ->
          environment.put(event.getString("key"), event.getString("value"));
      case "whatif.Loss" ->
          losses.merge(
              new LossKey(event.getString("source"), event.getString("reason")),
              event.getLong("count"),
              Long::sum);
      case "whatif.Cost" ->
          cost.merge(event.getString("part"), event.getLong("cpuNanos"), Long::sum);
      default -> {}
    }
  }

  /** Why reading stopped early. */
  public void damaged(String why) {
    damage = why;
  }

  /** What was collected so far. */
  public RecordingFacts facts() {
    List<RecordingFacts.LossTotal> totals = new ArrayList<>();
    losses.forEach((k, n) -> totals.add(new RecordingFacts.LossTotal(k.source(), k.reason(), n)));
    Duration duration = first.isAfter(last) ? Duration.ZERO : Duration.between(first, last);
    return new RecordingFacts(file, duration, environment, totals, cost, damage);
  }
}
