package dev.whatif.causal.account;

import dev.whatif.causal.experiment.Latencies;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests that ended in an experiment.
 *
 * @param virtual what they took in virtual time
 * @param wall what they took by the clock: what users of the target notice
 */
public record LatencyCount(Latencies virtual, Latencies wall) {

  static LatencyCount of(StructLayout layout, List<byte[]> perCpu, int epoch) {
    long count = 0;
    long unpaired = 0;
    long total = 0;
    long wallTotal = 0;
    long[] buckets = new long[Latencies.BUCKETS];
    long[] wallBuckets = new long[Latencies.BUCKETS];
    for (byte[] one : perCpu) {
      ByteBuffer b = ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN);
      if (b.getInt(layout.offset("epoch")) == epoch) {
        count += b.getLong(layout.offset("count"));
        unpaired += b.getLong(layout.offset("unpaired"));
        total += b.getLong(layout.offset("total"));
        wallTotal += b.getLong(layout.offset("wall_total"));
        for (int i = 0; i < Latencies.BUCKETS; i++) {
          buckets[i] += b.getInt(layout.offset("buckets") + i * Integer.BYTES);
          wallBuckets[i] += b.getInt(layout.offset("wall_buckets") + i * Integer.BYTES);
        }
      }
    }
    return new LatencyCount(
        new Latencies(unpaired, count, total, boxed(buckets)),
        new Latencies(unpaired, count, wallTotal, boxed(wallBuckets)));
  }

  private static List<Long> boxed(long[] numbers) {
    List<Long> list = new ArrayList<>(numbers.length);
    for (long number : numbers) {
      list.add(number);
    }
    return list;
  }
}
