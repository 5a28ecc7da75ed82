package dev.whatif.core.report;

import dev.whatif.core.recording.Frame;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.recording.Sample;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How many samples had which stack.
 *
 * @param title what was recorded, for people
 * @param durationNanos from the recording's beginning to its end
 * @param startEpochNanos wall clock of its beginning
 * @param counts samples by stack, the leaf first; stacks without frames are left out
 */
public record StackCounts(
    String title, long startEpochNanos, long durationNanos, Map<List<Frame>, Long> counts) {

  /** Counts the samples of a recording that a filter accepts; memory grows with its stacks. */
  public static StackCounts of(Recording recording, ReportFilter filter) {
    Map<List<Frame>, Long> counts = new HashMap<>();
    // Hashing a stack is dear: samples of the same stack share the list within a chunk.
    IdentityHashMap<List<Frame>, long[]> recent = new IdentityHashMap<>();
    try (Stream<Sample> samples = recording.samples()) {
      samples
          .filter(s -> filter.accepts(s.thread()) && !s.frames().isEmpty())
          .forEach(s -> {
            if (recent.size() >= 50_000) {
              fold(recent, counts);
            }
            recent.computeIfAbsent(s.frames(), k -> new long[1])[0]++;
          });
    }
    fold(recent, counts);
    return new StackCounts(
        recording.environment().getOrDefault("target", recording.file().toString()),
        ChronoUnit.NANOS.between(Instant.EPOCH, recording.start()),
        recording.duration().toNanos(),
        counts);
  }

  private static void fold(
      IdentityHashMap<List<Frame>, long[]> recent, Map<List<Frame>, Long> counts) {
    recent.forEach((stack, n) -> counts.merge(stack, n[0], Long::sum));
    recent.clear();
  }

  /** All samples in it. */
  public long samples() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
