package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.recording.Environment;
import dev.whatif.core.recording.FrameType;
import dev.whatif.core.recording.Loss;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.recording.SampleState;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Dropped, never made and not permitted are three things, and a report calls only one "lost". */
class LossReportTest {

  private static final int SAMPLES = 900;

  @TempDir Path folder;

  private Path recording(Loss... losses) {
    Path file = folder.resolve("a.jfr");
    try (Recorder r = Recorder.create(file, RecorderOptions.DEFAULT)) {
      r.environment("mechanism", "perf task-clock");
      r.environment("kernel.samples", "not permitted (perf_event_paranoid is 2)");
      r.environment(
          Environment.MISSING_SYMBOLS + "libx.so", "/lib/libx.so: no source lines (install x-dbg)");
      int thread = r.thread(7, 7, "p", "p");
      int method = r.method("libx.so", "f", "");
      int stack =
          r.stackTrace(
              new int[] {method},
              new int[] {0},
              new int[] {2},
              new byte[] {FrameType.NATIVE.id()},
              1,
              false);
      for (int i = 0; i < SAMPLES; i++) {
        r.executionSample(System.nanoTime(), thread, stack, SampleState.USER);
      }
      for (Loss loss : losses) {
        r.loss(loss);
      }
    }
    return file;
  }

  private static Loss loss(String reason, long count) {
    return new Loss(System.nanoTime(), "perf task-clock", reason, count, 0);
  }

  @Test
  void onlyWhatWasDroppedIsLost() {
    Path file =
        recording(
            loss(Loss.RING_FULL, 3),
            loss(Loss.THROTTLED, 4),
            loss(Loss.MISSED_TICK, 50),
            loss(Loss.UNSEEN_KERNEL, 93));
    JsonNode json =
        JsonMapper.builder().build().readTree(CommandRun.of("report", file, "--json").out());
    assertThat(json.get("lost").asLong()).isEqualTo(7);
    assertThat(json.get("missed").asLong()).isEqualTo(50);
    assertThat(json.get("unseenKernel").asLong()).isEqualTo(93);
    assertThat(json.get("losses").get(2).get("kind").asString()).isEqualTo("missed");
    String text = CommandRun.of("report", file).out().replaceAll("\\s+", " ");
    assertThat(text)
        .contains("900 samples, 7 lost")
        .contains("3 lost by perf task-clock: ring full")
        .contains("4 lost by perf task-clock: throttled")
        .contains("5.2% of the samples were not made")
        .contains("9.3% of the CPU time was in the kernel, where samples are not permitted");
  }

  @Test
  void aHundredthThatWasNotMadeIsNoNote() {
    String text = CommandRun.of("report", recording(loss(Loss.MISSED_TICK, 9))).out();
    assertThat(text).contains("0 lost").doesNotContain("not made");
  }

  @Test
  void whyLinesAreMissingIsSaidOnce() {
    String text = CommandRun.of("report", recording()).out().replaceAll("\\s+", " ");
    assertThat(text)
        .containsOnlyOnce("/lib/libx.so: no source lines (install x-dbg)")
        .contains("no lines for libx.so (100.0%)");
  }
}
