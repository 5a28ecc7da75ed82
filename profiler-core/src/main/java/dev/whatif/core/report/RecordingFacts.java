package dev.whatif.core.report;

import dev.whatif.core.recording.Loss;
import dev.whatif.core.recording.LossKind;
import dev.whatif.core.recording.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
 * @param losses what is not there: dropped, or never made
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
   * What is not in the recording for one reason.
   *
   * @param kind whether it was dropped or never made
   * @param reason why
   * @param source what says so; several of them, separated by commas
   * @param count how many
   */
  public record LossTotal(LossKind kind, String reason, String source, long count) {}

  /** What an opened recording says; reads it once. */
  public static RecordingFacts of(Recording recording) {
    Map<String, Long> counts = new LinkedHashMap<>();
    Map<String, LossKind> kinds = new HashMap<>();
    Map<String, Set<String>> sources = new LinkedHashMap<>();
    for (Loss loss : recording.losses()) {
      counts.merge(loss.reason(), loss.count(), Long::sum);
      kinds.put(loss.reason(), loss.kind());
      sources.computeIfAbsent(loss.reason(), k -> new TreeSet<>()).add(loss.source());
    }
    List<LossTotal> losses = new ArrayList<>();
    counts.forEach((reason, n) ->
        losses.add(
            new LossTotal(
                kinds.getOrDefault(reason, LossKind.DROPPED),
                reason,
                String.join(", ", sources.get(reason)),
                n)));
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

  /** All that was dropped: made, and not in the recording. */
  public long lost() {
    return of(LossKind.DROPPED);
  }

  /** Samples that were never made, because timers came late. */
  public long missed() {
    return of(LossKind.MISSED);
  }

  /** Samples that the time in the kernel would have given, were they permitted. */
  public long unseenKernel() {
    return of(LossKind.UNSEEN_KERNEL);
  }

  private long of(LossKind kind) {
    return losses.stream().filter(l -> l.kind() == kind).mapToLong(LossTotal::count).sum();
  }
}
