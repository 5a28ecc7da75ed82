package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.experiment.Observation;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.recording.Recording;
import java.nio.file.Path;
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
}
