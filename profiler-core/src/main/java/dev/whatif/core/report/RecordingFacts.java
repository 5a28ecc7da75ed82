package dev.whatif.core.report;

import java.time.Duration;
import java.util.List;
import java.util.Map;

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
   * @param source what dropped it
   * @param reason why
   * @param count how many
   */
  public record LossTotal(String source, String reason, long count) {}

  /** All that was dropped. */
  public long lost() {
    return losses.stream().mapToLong(LossTotal::count).sum();
  }
}
