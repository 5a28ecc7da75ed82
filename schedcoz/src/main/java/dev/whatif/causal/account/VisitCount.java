package dev.whatif.causal.account;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Visits of a progress point in an experiment.
 *
 * @param count of them
 * @param firstNanos virtual time of the first, 0 without any
 * @param lastNanos virtual time of the last
 */
public record VisitCount(long count, long firstNanos, long lastNanos) {

  static VisitCount of(StructLayout visits, List<byte[]> perCpu, int epoch) {
    long count = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (byte[] one : perCpu) {
      ByteBuffer b = ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN);
      if (b.getInt(visits.offset("epoch")) == epoch && b.getLong(visits.offset("count")) > 0) {
        count += b.getLong(visits.offset("count"));
        first = Math.min(first, b.getLong(visits.offset("first")));
        last = Math.max(last, b.getLong(visits.offset("last")));
      }
    }
    return count == 0 ? new VisitCount(0, 0, 0) : new VisitCount(count, first, last);
  }
}
