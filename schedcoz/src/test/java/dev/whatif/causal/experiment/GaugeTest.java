package dev.whatif.causal.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from visits. */
class GaugeTest {

  private static final int REQUESTS = 20_000;

  /** Exponential ones, with a mean of a hundred microseconds. */
  private static Visits timed(double factor) {
    Long[] buckets = new Long[Latencies.BUCKETS];
    Arrays.fill(buckets, 0L);
    long total = 0;
    for (int request = 0; request < REQUESTS; request++) {
      long nanos = Math.round(-100_000 * factor * Math.log(1 - (request + 0.5) / REQUESTS));
      buckets[Latencies.bucket(nanos)]++;
      total += nanos;
    }
    return new Visits("p", REQUESTS, 0, 0, new Latencies(0, REQUESTS, total, List.of(buckets)));
  }

  @Test
  void aPeriodIsTheTimeBetweenVisitsWhateverTheWindow() {
    Visits eleven = new Visits("p", 11, 500, 1_500, Latencies.NONE);
    Visits three = new Visits("p", 3, 5_000, 5_400, Latencies.NONE);
    Visits one = new Visits("p", 1, 9_000, 9_000, Latencies.NONE);
    assertThat(Gauge.PERIOD.nanos(List.of(eleven))).isEqualTo(100);
    assertThat(Gauge.PERIOD.nanos(List.of(eleven, three, one))).isEqualTo(1_400.0 / 12);
    assertThat(Gauge.PERIOD.nanos(List.of(one))).isNaN();
  }

  @Test
  void quantilesFollowChangesFarSmallerThanABucket() {
    for (double level : List.of(0.5, 0.9, 0.99)) {
      Gauge gauge = new Gauge.LatencyQuantile(level);
      assertThat(gauge.nanos(List.of(timed(1))))
          .isCloseTo(-100_000 * Math.log(1 - level), withinPercentage(1));
      double ratio = gauge.nanos(List.of(timed(1.02))) / gauge.nanos(List.of(timed(1)));
      assertThat(ratio).isCloseTo(1.02, within(0.006));
    }
    assertThat(Gauge.MEAN_LATENCY.nanos(List.of(timed(2), timed(1))))
        .isCloseTo(150_000, withinPercentage(1));
  }

  @Test
  void neighboursAreJoinedUntilAPercentileHasEnough() {
    Gauge tail = new Gauge.LatencyQuantile(0.99);
    List<Observation> seen = new ArrayList<>();
    for (int block = 0; block < 30; block++) {
      for (Arm arm : List.of(Arm.BASELINE, Arm.speedup("r", 1))) {
        Long[] buckets = new Long[Latencies.BUCKETS];
        Arrays.fill(buckets, 0L);
        buckets[Latencies.bucket(1_000)] = 50L;
        Visits visits = new Visits("p", 50, 0, 1, new Latencies(0, 50, 50_000, List.of(buckets)));
        seen.add(
            new Observation(
                block,
                seen.size(),
                arm,
                0,
                1_000_000,
                0,
                100,
                0,
                10,
                1,
                1,
                0,
                0,
                1,
                0,
                0,
                List.of(visits),
                ""));
      }
    }
    assertThat(tail.least()).isEqualTo(200);
    BlockLogs logs = BlockLogs.of(seen, "p", tail);
    assertThat(logs.joined()).isEqualTo(6);
    assertThat(BlockLogs.blocks(logs.curve("r").getFirst())).isEqualTo(5);
    assertThat(BlockLogs.of(seen, "p", Gauge.MEAN_LATENCY).joined()).isEqualTo(1);
  }
}
