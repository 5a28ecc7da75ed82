package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.causal.experiment.Observation;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.recording.Recording;
import dev.whatif.testing.Programs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in a recording is the same run. */
class CausalEventsTest {

  @TempDir Path folder;

  static Path write(Path file, CausalRun run) {
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT)) {
      recorder.environment("target", run.target());
      run.facts().write(recorder);
      for (Observation o : run.observations()) {
        CausalEvents.write(recorder, o);
      }
      run.profile().ifPresent(p -> CausalEvents.write(recorder, p, System.nanoTime()));
    }
    return file;
  }

  private CausalRun read(CausalRun run) {
    try (Recording recording = Recording.open(write(folder.resolve("run.jfr"), run))) {
      return CausalReading.of(recording);
    }
  }

  @Test
  void everythingThatWasSeenAndCameOutIsReadBack() {
    assertThat(read(ExampleRuns.redis())).isEqualTo(ExampleRuns.redis());
  }

  @Test
  void aRefusalAndARunWithoutResultAreReadBack() {
    assertThat(read(ExampleRuns.refused())).isEqualTo(ExampleRuns.refused());
    Path unfinished = write(folder.resolve("unfinished.jfr"), ExampleRuns.unfinished());
    try (Recording recording = Recording.open(unfinished)) {
      assertThat(CausalReading.of(recording)).isEqualTo(ExampleRuns.unfinished());
    }
  }

  @Test
  void namesOfAllKindsAreReadBack() {
    CausalRun hostile = ExampleRuns.hostile();
    CausalRun read = read(hostile);
    assertThat(read.target()).isEqualTo(hostile.target());
    assertThat(read.observations()).isEqualTo(hostile.observations());
    assertThat(read.profile().orElseThrow().progress())
        .isEqualTo(hostile.profile().orElseThrow().progress());
  }

  @Test
  void theLastResultCounts() {
    Path file = folder.resolve("two.jfr");
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT)) {
      for (CausalRun run : List.of(ExampleRuns.refused(), ExampleRuns.redis())) {
        CausalEvents.write(recorder, run.profile().orElseThrow(), System.nanoTime());
      }
    }
    try (Recording recording = Recording.open(file)) {
      assertThat(CausalReading.of(recording).profile()).isEqualTo(ExampleRuns.redis().profile());
    }
  }

  @Test
  void aKilledRunIsAnalysedFromWhatItRecorded() {
    CausalRun analysed = read(ExampleRuns.unfinished()).analysed();
    assertThat(analysed.profile()).isPresent();
    assertThat(analysed.profile().get().quality().warnings().getFirst())
        .contains("ended before its analysis");
    assertThat(analysed.firstThroughput().orElseThrow().curves())
        .filteredOn(c -> c.region().equals("dictFind"))
        .allSatisfy(c -> assertThat(c.points().getLast().effect()).isBetween(0.3, 0.36));
  }

  @Test
  void jfrPrintShowsWhatTheFieldsMean() {
    Path file = write(folder.resolve("run.jfr"), ExampleRuns.redis());
    String jfr = Path.of(System.getProperty("java.home"), "bin", "jfr").toString();
    String printed = Programs.run(jfr, "print", "--events", "whatif.*", file.toString());
    assertThat(printed)
        .contains("whatif.Experiment {", "region = \"dictFind\"", "speedup = 25.00%")
        .contains("duration = 190 ms", "frozen = 2.50 ms", "flaw = \"stolen CPU\"")
        .contains("whatif.ProgressPoint {", "point = \"aeProcessEvents\"", "requests = 300")
        .contains("whatif.Speedup {", "samples = 12.10%", "shape = \"PLATEAU\"")
        .contains("whatif.CausalProfile {", "settled = true")
        .contains("key = \"causal.seed\"");
    assertThat(Programs.run(jfr, "summary", file.toString()))
        .containsPattern("whatif.Experiment +336 ")
        .containsPattern("whatif.ProgressPoint +672 ")
        .containsPattern("whatif.Baseline +3 ")
        .containsPattern("whatif.Speedup +64 ");
  }

  @Test
  void factsOfOthersAreNoFactsOfARun() {
    assertThat(RunFacts.of(Map.of("kernel", "6.18"))).isEqualTo(RunFacts.UNKNOWN);
    Map<String, String> damaged =
        Map.of("causal.seed", "x", "causal.speedups", "a,0.5,", "causal.looks", "1,0.5");
    RunFacts facts = RunFacts.of(damaged);
    assertThat(facts.seed()).isZero();
    assertThat(facts.speedups()).containsExactly(0.5);
    assertThat(facts.looks()).isEqualTo(RunFacts.UNKNOWN.looks());
  }

  @Test
  void aDamagedHistogramIsRefused() {
    assertThat(PackedLatencies.unpack("")).isEmpty();
    for (String text :
        List.of("x", "1", "1:", ":1", "-1:1", "99999:1", "1:1  2:2", "2000000000:1 2000000000:1")) {
      assertThatThrownBy(() -> PackedLatencies.unpack(text))
          .as(text)
          .isInstanceOf(BadDataException.class);
    }
  }
}
