package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingPeriodTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 900, 3_700, 4_000, 9_000, 13_500, 15_000, 40_000, 1_000_000_000})
  void ticksCostThreePercentAtMost(long tick) {
    long period = SamplingPeriod.chosen(tick);
    assertThat(period).isBetween(250_000L, 1_000_100L);
    assertThat(BigInteger.valueOf(period).isProbablePrime(30)).isTrue();
    if (period < 1_000_000) {
      assertThat((double) tick / period).isLessThanOrEqualTo(0.03);
    }
  }

  @Test
  @Requires(Requirement.PERF_EVENTS)
  void aTickTakesTime() {
    SamplingPeriod seen = SamplingPeriod.calibrate();
    assertThat(seen.tickNanos()).isBetween(300L, 200_000L);
    assertThat(seen.nanos()).isEqualTo(SamplingPeriod.chosen(seen.tickNanos()));
  }
}
