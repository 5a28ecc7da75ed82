package dev.whatif.samples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.samples.truth.TruthSuite;
import dev.whatif.samples.truth.Workshop;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Coz's file and arithmetic. */
class CozProfileTest {

  /** Lines as Coz 0.2.2 writes them. */
  private static List<String> experiment(String speedup, long nanos, long visits) {
    return List.of(
        "startup\ttime=1795188842284808127",
        "experiment\tselected=/a/truth.h:84\tspeedup=%s\tduration=%d\tselected-samples=9"
            .formatted(speedup, nanos),
        "throughput-point\tname=/a/truth.h:104\tdelta=" + visits,
        "samples\tlocation=/a/truth.h:84\tcount=4782",
        "runtime\ttime=500");
  }

  @Test
  void periodsOfAllExperimentsAreSummedBeforeTheyAreCompared() {
    CozProfile profile = new CozProfile();
    profile.add(experiment("0.00", 500_000_000, 100));
    profile.add(experiment("0.00", 1_000_000_000, 200));
    profile.add(experiment("0.50", 300_000_000, 100));
    profile.add(experiment("0.50", 600_000_000, 200));
    profile.add(experiment("0.75", 600_000_000, 4));
    assertThat(profile.effect(0.5))
        .hasValueSatisfying(e -> assertThat(e).isEqualTo(0.4, within(1e-9)));
    assertThat(profile.effect(0.75)).as("fewer than 5 visits").isEmpty();
    assertThat(profile.effect(0.25)).as("never tried").isEmpty();
  }

  @Test
  void aLineWithoutItsNumberIsRefused() {
    CozProfile profile = new CozProfile();
    assertThatThrownBy(() -> profile.add(List.of("experiment\tselected=a:1\tduration=5")))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("speedup");
    assertThatThrownBy(() -> profile.add(List.of("experiment\tspeedup=x\tduration=5")))
        .isInstanceOf(BadDataException.class);
  }

  @Test
  @Requires({Requirement.COZ, Requirement.GCC})
  void cozItselfTriesTheRegionOfABusyThread() throws Exception {
    try (Workshop workshop = Workshop.open()) {
      CozProfile profile = new CozPeer(workshop, 5).of(TruthSuite.named("single"), List.of(0.75));
      // How right it is depends on what else the machine does: a benchmark, not a test.
      assertThat(profile.effect(0.75)).isPresent();
    }
  }
}
