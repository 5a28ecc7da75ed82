package dev.whatif.causal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.analysis.AnalysisOptions;
import dev.whatif.causal.analysis.CausalAnalysis;
import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.causal.backend.SignalBackend;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Looks;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.progress.ProgressPoint;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.TargetCode;
import dev.whatif.core.process.Spawn;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whole sessions on a real program in which nothing is made faster, though the analysis is told
 * that it was: its 95 % intervals must contain 0 as often as they say.
 */
@Requires({Requirement.ROOT, Requirement.GCC, Requirement.KERNEL_BTF, Requirement.PERF_EVENTS})
class CoverageTest {

  private static final int BLOCKS = 10;
  private static final long EXPERIMENT_NANOS = 40_000_000;
  private static final double CONFIDENCE = 0.95;

  /** On a busy machine sessions are refused. */
  private static final int MOST_TRIES = 4;

  /** What the run of some sessions gave. */
  private record Outcome(int sessions, int covered, int found) {}

  @Test
  void theIntervalsOfAFewSessionsContainTheTruth() {
    Outcome outcome = sessions(8, 1);
    assertThat(outcome.covered()).as("of 8").isGreaterThanOrEqualTo(5); // fewer: p < 1e-3
  }

  @Test
  @Tag("long")
  void twoHundredSessionsCoverAsOftenAsTheySay() {
    Outcome outcome = sessions(200, 2);
    double p =
        BinomialTest.withDefaults()
            .with(AlternativeHypothesis.LESS_THAN)
            .test(outcome.sessions(), outcome.covered(), CONFIDENCE)
            .getPValue();
    System.out.printf(
        "A/A: %d sessions, %d covered (%.1f %%), %d called significant, p = %.3f%n",
        outcome.sessions(),
        outcome.covered(),
        100.0 * outcome.covered() / outcome.sessions(),
        outcome.found(),
        p);
    assertThat(p).as("covered %d", outcome.covered()).isGreaterThan(0.01);
    double foundByChance =
        BinomialTest.withDefaults()
            .with(AlternativeHypothesis.GREATER_THAN)
            .test(outcome.sessions(), outcome.found(), 1 - CONFIDENCE)
            .getPValue();
    assertThat(foundByChance).as("found %d", outcome.found()).isGreaterThan(0.01);
  }

  private static Outcome sessions(int sessions, long seed) {
    Spawn program =
        Spawn.running(
            List.of(Programs.compiled("halves.c", "-O2", "-g").toString()),
            SpawnHeader.Files.INHERITED);
    try (Accounting accounting = Accounting.start(AccountingOptions.DEFAULT);
        TargetCode code = TargetCode.of(List.of(program.pid()), DebugFiles.standard())) {
      accounting.admit(program.pid());
      accounting.region(0, new Region("region", code.ranges(Place.parse("region"))).byFile());
      ProgressPoint step = ProgressPoint.attach(accounting, code, 0, Place.parse("step"));
      try (SignalBackend backend = new SignalBackend(accounting)) {
        Experimenter experimenter =
            new Experimenter(accounting, backend, List.of("region"), List.of(step), 0);
        int covered = 0;
        int found = 0;
        int judged = 0;
        for (int i = 0; judged < sessions && i < MOST_TRIES * sessions; i++) {
          Optional<SpeedupCurve> curve = session(experimenter, new Random(seed * 1_000_003 + i));
          if (curve
              .isPresent()) { // a session that says that the machine is too busy claims nothing
            judged++;
            covered += curve.get().points().getFirst().interval().contains(0) ? 1 : 0;
            found += curve.get().significant() ? 1 : 0;
          }
        }
        assertThat(judged).as("sessions that were not refused").isEqualTo(sessions);
        return new Outcome(sessions, covered, found);
      }
    } finally {
      program.stop(Duration.ZERO);
    }
  }

  private static Optional<SpeedupCurve> session(Experimenter experimenter, Random random) {
    List<Observation> observations = new ArrayList<>();
    long start = System.nanoTime();
    for (int block = 0; block < BLOCKS; block++) {
      List<Arm> arms = new ArrayList<>(List.of(Arm.BASELINE, Arm.speedup("region", 0)));
      arms.add(Arm.control(0.2));
      Collections.shuffle(arms, random);
      for (Arm arm : arms) {
        Observation seen =
            experimenter.run(block, observations.size(), arm, EXPERIMENT_NANOS, () -> false);
        observations.add(told(seen));
      }
    }
    Looks looks = Looks.quarters(start, System.nanoTime() - start);
    CausalProfile profile =
        CausalAnalysis.of(observations, AnalysisOptions.ended(random.nextLong(), looks));
    return profile.progress().getFirst().curves().stream().findFirst();
  }

  /** Nothing was made faster; the analysis is told that half was. */
  private static Observation told(Observation o) {
    if (o.arm().kind() != Arm.Kind.SPEEDUP) {
      return o;
    }
    return o.withArm(Arm.speedup("region", 0.5));
  }
}
