package dev.whatif.core.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that others wrote. */
class ForeignRecordingTest {

  @TempDir Path folder;

  private volatile double sink;

  @Test
  void aRecordingOfThisJvmHasJavaFrames() throws Exception {
    Path file = folder.resolve("jvm.jfr");
    try (jdk.jfr.Recording jvm = new jdk.jfr.Recording()) {
      jvm.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
      jvm.start();
      for (int i = 0; i < 200 && samples(jvm, file) < 3; i++) {
        sink = burn(2_000_000);
      }
      jvm.stop();
    }
    try (Recording r = Recording.open(file)) {
      assertThat(r.damage()).isEmpty();
      assertThat(r.environment()).isEmpty();
      assertThat(r.losses()).isEmpty();
      List<Sample> samples = r.samples().toList();
      assertThat(samples).isNotEmpty();
      assertThat(samples)
          .allSatisfy(s -> {
            assertThat(s.thread().processId()).isZero();
            assertThat(s.thread().name()).isNotEmpty();
            assertThat(s.state()).isEqualTo(SampleState.USER);
          });
      assertThat(samples.stream().flatMap(s -> s.frames().stream()))
          .anySatisfy(f -> {
            assertThat(f.object()).isEqualTo(ForeignRecordingTest.class.getName());
            assertThat(f.function()).isEqualTo("burn");
            assertThat(f.line()).isPositive();
            assertThat(f.sourceFile()).isEmpty();
          });
    }
  }

  private static long samples(jdk.jfr.Recording jvm, Path file) throws Exception {
    jvm.dump(file);
    try (Recording r = Recording.open(file);
        var samples = r.samples()) {
      return samples.filter(s -> s.frames().toString().contains("burn")).count();
    }
  }

  private static double burn(int n) {
    double sum = 0;
    for (int i = 1; i < n; i++) {
      sum += Math.sin(i) * Math.log(i);
    }
    return sum;
  }

  @Test
  void aRecordingOfAsyncProfilerHasItsSamples() throws Exception {
    Path file = folder.resolve("async.jfr");
    try (var in = getClass().getResourceAsStream("async-profiler-4.6.jfr")) {
      Files.copy(in, file);
    }
    try (Recording r = Recording.open(file)) {
      List<Sample> samples = r.samples().toList();
      assertThat(samples).hasSize(12);
      assertThat(
              samples.stream()
                  .flatMap(s -> s.frames().stream())
                  .map(f -> f.object() + "." + f.function()))
          .contains("W.burn", "W.main");
      assertThat(samples).allSatisfy(s -> assertThat(s.thread().threadId()).isPositive());
      assertThat(r.mappings()).isEmpty();
    }
  }
}
