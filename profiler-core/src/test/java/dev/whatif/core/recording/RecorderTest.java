package dev.whatif.core.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UsageException;
import dev.whatif.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

  @TempDir Path folder;

  @Test
  void jfrPrintShowsWhatWasRecorded() {
    Path file = folder.resolve("a.jfr");
    try (Recorder r = Recorder.create(file, RecorderOptions.DEFAULT)) {
      int thread = r.thread(4242, 4243, "redis-server", "io_thd_1");
      int find = r.method("redis-server", "dictFind", "/src/dict.c");
      int main = r.method("redis-server", "main", "/src/server.c");
      int stack =
          r.stackTrace(
              new int[] {find, main},
              new int[] {423, 6100},
              new int[] {0x12, 0x800},
              new byte[] {FrameType.NATIVE.id(), FrameType.NATIVE.id()},
              2,
              false);
      r.executionSample(System.nanoTime(), thread, stack, SampleState.USER);
      r.mapping(
          new MappingEvent(System.nanoTime(), 4242, 0x55550000L, 4096, 0, "/usr/bin/redis", "ab"));
      r.loss(new Loss(System.nanoTime(), "perf ring 0", "buffer full", 17, 4242));
      r.cost(new Cost(System.nanoTime(), "drain", 1_000_000, 2_000_000));
      r.environment("kernel", "6.18");
    }
    String text =
        Programs.run(
            Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
            "print",
            file.toString());
    assertThat(text)
        .contains("redis-server.dictFind() line: 423", "redis-server.main() line: 6100")
        .contains("sampledThread = \"io_thd_1\" (osThreadId = 4243)")
        .contains("count = 17", "path = \"/usr/bin/redis\"", "start = 0x55550000")
        .contains("key = \"kernel\"", "cpuNanos = 1.00 ms");
  }

  @Test
  void anExistingFileIsRefusedAndKept() throws Exception {
    Path file = folder.resolve("b.jfr");
    Files.writeString(file, "precious");
    assertThatThrownBy(() -> Recorder.create(file, RecorderOptions.DEFAULT))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("b.jfr exists already");
    assertThat(file).hasContent("precious");
  }
}
