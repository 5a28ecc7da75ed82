package dev.whatif.causal.report;

import dev.whatif.causal.experiment.Latencies;
import dev.whatif.core.failure.BadDataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The buckets of {@link Latencies} as a short text: {@code distance:count} for each bucket that is
 * not empty, where the distance is from the bucket before, so that {@code "210:3 1:5"} are 3
 * requests in bucket 210 and 5 in bucket 211. The empty text is a point that is not timed, {@code
 * "-"} one that was and saw no request.
 */
final class PackedLatencies {

  private static final String NOTHING_SEEN = "-";

  private PackedLatencies() {}

  static String pack(List<Long> buckets) {
    if (buckets.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    int before = 0;
    for (int i = 0; i < buckets.size(); i++) {
      long count = buckets.get(i);
      if (count != 0) {
        text.append(text.isEmpty() ? "" : " ").append(i - before).append(':').append(count);
        before = i;
      }
    }
    return text.isEmpty() ? NOTHING_SEEN : text.toString();
  }

  /** The buckets again. */
  static List<Long> unpack(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    List<Long> buckets = new ArrayList<>(Collections.nCopies(Latencies.BUCKETS, 0L));
    if (text.equals(NOTHING_SEEN)) {
      return buckets;
    }
    try {
      int at = 0;
      for (String part : text.split(" ", -1)) {
        int colon = part.indexOf(':');
        at = Math.addExact(at, Integer.parseInt(part, 0, colon, 10));
        buckets.set(at, Long.parseLong(part, colon + 1, part.length(), 10));
      }
    } catch (NumberFormatException | ArithmeticException | IndexOutOfBoundsException e) {
      throw new BadDataException(
          "a histogram of latencies in the recording is damaged",
          "Record again; the file cannot be repaired.",
          e);
    }
    return buckets;
  }
}
