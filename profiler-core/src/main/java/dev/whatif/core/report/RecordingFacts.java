package dev.whatif.core.report;

import dev.whatif.core.recording.Loss;
import dev.whatif.core.recording.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a recording says about itself.
 *
 * @param file as the user named it
 * @param duration from the beginning of the recording to its end
 * @param environment facts in the order they were recorded: kernel, cpus, load, mechanism, rate ...
 * @param losses what was dropped
 * @param cost the profiler's own CPU time by part, in nanoseconds
 * @param damage why reading stopped before the file's end; "" when it did not
 */
public record RecordingFacts(
    String file,
    Duration duration,
    Map<String, String> environment,
    List<LossTotal> losses,
    Map<String, Long> cost,
    String damage) {

  /**
   * What was dropped for one reason.
   *
   * @param reason why
   * @param source what dropped it; several of them, separated by commas
   * @param count how many
   */
  public record LossTotal(String reason, String source, long count) {}

  /** What an opened recording says; reads it once. */
  public static RecordingFacts of(Recording recording) {
    Map<String, Long> counts = new LinkedHashMap<>();
    Map<String, Set<String>> sources = new LinkedHashMap<>();
    for (Loss loss : recording.losses()) {
      counts.merge(loss.reason(), loss.count(), Long::sum);
      sources.computeIfAbsent(loss.reason(), k -> new TreeSet<>()).add(loss.source());
    }
    List<LossTotal> losses = new ArrayList<>();
    counts.forEach((reason, n) ->
        losses.add(new LossTotal(reason, String.join(", ", sources.get(reason)), n)));
    Map<String, Long> cost = new TreeMap<>();
    recording.costs().forEach(c -> cost.merge(c.part(), c.cpuNanos(), Long::sum));
    return new RecordingFacts(
        recording.file().toString(),
        recording.duration(),
        recording.environment(),
        losses,
        cost,
        recording.damage().orElse(""));
  }

  /** All that was dropped. */
  public long lost() {
    return losses.stream().mapToLong(LossTotal::count).sum();
  }
}
