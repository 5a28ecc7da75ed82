package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.experiment.Latencies;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Histograms survive being packed. */
class PackedLatenciesProperties {

  @Property(tries = 200)
  void packedLatenciesAreTheSameBuckets(
      @ForAll @Size(max = 40) List<@IntRange(max = Latencies.BUCKETS - 1) Integer> where,
      @ForAll @LongRange(min = 1) long count) {
    List<Long> buckets = new ArrayList<>(Collections.nCopies(Latencies.BUCKETS, 0L));
    where.forEach(i -> buckets.set(i, count));
    assertThat(PackedLatencies.unpack(PackedLatencies.pack(buckets))).isEqualTo(buckets);
  }
}
