package dev.whatif.core.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

  @TempDir Path folder;

  private static final byte[] NATIVE = {FrameType.NATIVE.id()};

  private static int stack(Recorder r, int method, int line) {
    return r.stackTrace(new int[] {method}, new int[] {line}, new int[1], NATIVE, 1, false);
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

  @Test
  void whatWouldBeRefusedIsKnownBefore() {
    Recorder.check(folder.resolve("new.jfr"));
    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(() -> Recorder.check(folder)).isInstanceOf(UsageException.class);
  }

  @Test
  void theWallClockOfASampleIsThatOfTheMachine() {
    Path file = folder.resolve("clock.jfr");
    Instant before = Instant.now();
    try (Recorder r = Recorder.create(file, RecorderOptions.DEFAULT)) {
      r.executionSample(System.nanoTime(), r.thread(1, 1, "p", "t"), 0, SampleState.USER);
    }
    try (Recording recording = Recording.open(file)) {
      Sample sample = recording.samples().toList().getFirst();
      assertThat(sample.frames()).isEmpty();
      assertThat(sample.time()).isBetween(before, Instant.now());
      assertThat(recording.start()).isBetween(before, sample.time());
      assertThat(recording.start().plus(recording.duration())).isAfterOrEqualTo(sample.time());
    }
  }

  @Test
  void chunksAreFinishedByTimeWithoutNewEvents() throws Exception {
    Path file = folder.resolve("idle.jfr");
    RecorderOptions options = RecorderOptions.DEFAULT.withChunkDuration(Duration.ofMillis(20));
    try (Recorder r = Recorder.create(file, options)) {
      r.environment("a", "b");
      long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      String seen = null;
      while (seen == null && System.nanoTime() < giveUp) {
        Thread.sleep(5);
        try (Recording recording = Recording.open(file)) {
          seen = recording.environment().get("a");
        }
      }
      assertThat(seen).isEqualTo("b");
      r.environment("c", "d");
    }
    try (Recording recording = Recording.open(file)) {
      assertThat(recording.environment()).containsEntry("c", "d");
      assertThat(recording.chunks()).isEqualTo(3);
    }
  }

  @Test
  void chunksAreFinishedBySize() throws Exception {
    Path file = folder.resolve("size.jfr");
    RecorderOptions options = ExampleRecording.BY_HAND.withChunkBytes(64 * 1024);
    try (Recorder r = Recorder.create(file, options)) {
      int thread = r.thread(1, 1, "p", "t");
      int method = r.method("a.out", "main", "");
      for (int i = 0; i < 50_000; i++) {
        r.executionSample(i, thread, stack(r, method, i), SampleState.USER);
      }
    }
    try (Recording recording = Recording.open(file)) {
      assertThat(recording.chunks()).isGreaterThan(15);
      assertThat((double) Files.size(file) / recording.chunks()).isLessThan(130 * 1024);
      List<Integer> lines = recording.samples().map(s -> s.frames().getFirst().line()).toList();
      assertThat(lines).hasSize(50_000).doesNotHaveDuplicates();
    }
  }

  @Test
  void oldStacksAreForgottenAndSaidSo() {
    Path file = folder.resolve("generations.jfr");
    RecorderOptions options = new RecorderOptions(Duration.ZERO, 1 << 20, 1 << 20, 100);
    try (Recorder r = Recorder.create(file, options)) {
      int thread = r.thread(1, 1, "p", "t");
      int method = r.method("a.out", "main", "");
      int first = stack(r, method, 0);
      List<Integer> ids = new ArrayList<>();
      for (int chunk = 0; chunk < 5; chunk++) {
        for (int i = 0; i < 150; i++) {
          int id = stack(r, method, chunk * 100 + i);
          ids.add(id);
          r.executionSample(chunk, thread, id, SampleState.USER);
          if (chunk == 1 && i == 0) {
            // Of the generation before: still good.
            r.executionSample(chunk, thread, first, SampleState.KERNEL);
          }
        }
        r.finishChunk();
      }
      assertThatThrownBy(() -> r.executionSample(0, thread, first, SampleState.USER))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("made too long ago");
      assertThatThrownBy(() -> r.executionSample(0, thread + 1, 0, SampleState.USER))
          .hasMessageContaining("no thread");
      assertThatThrownBy(() -> stack(r, method + 100, 0)).hasMessageContaining("no method");
    }
    try (Recording recording = Recording.open(file)) {
      List<Sample> samples = recording.samples().toList();
      assertThat(samples).hasSize(751);
      assertThat(samples.stream().filter(s -> s.frames().getLast().line() == 120)).hasSize(2);
    }
  }

  @Test
  void aSampleInTheKernelHasAKernelLeaf() {
    Path file = folder.resolve("kernel.jfr");
    try (Recorder r = Recorder.create(file, ExampleRecording.BY_HAND)) {
      int thread = r.thread(1, 1, "p", "t");
      int user = stack(r, r.method("a.out", "main", "/a.c"), 7);
      r.executionSample(1, thread, user, SampleState.KERNEL);
      r.executionSample(2, thread, user, SampleState.USER);
      r.executionSample(3, thread, 0, SampleState.KERNEL);
    }
    Frame kernel = new Frame("[kernel]", "[kernel]", "", 0, 0, FrameType.KERNEL);
    Frame main = new Frame("a.out", "main", "/a.c", 7, 0, FrameType.NATIVE);
    try (Recording recording = Recording.open(file)) {
      assertThat(recording.samples().map(Sample::frames))
          .containsExactly(List.of(kernel, main), List.of(main), List.of(kernel));
      assertThat(recording.samples().map(Sample::state))
          .containsExactly(SampleState.KERNEL, SampleState.USER, SampleState.KERNEL);
    }
  }

  @Test
  void namesBeyondTheLimitAreALossThatIsCounted() {
    Path file = folder.resolve("names.jfr");
    RecorderOptions options = new RecorderOptions(Duration.ZERO, 1 << 20, 5_000, 1000);
    try (Recorder r = Recorder.create(file, options)) {
      int thread = r.thread(1, 1, "p", "t");
      for (int i = 0; i < 200; i++) {
        int id = stack(r, r.method("a.out", "function_" + i, ""), 1);
        r.executionSample(i, thread, id, SampleState.USER);
      }
    }
    try (Recording recording = Recording.open(file)) {
      long nameless =
          recording
              .samples()
              .filter(s -> s.frames().getFirst().function().equals(TextTable.TOO_MANY))
              .count();
      assertThat(nameless).isBetween(100L, 199L);
      assertThat(recording.losses())
          .singleElement()
          .satisfies(l -> assertThat(l.count()).isEqualTo(nameless));
    }
  }

  @Test
  void severalThreadsMayRecord() throws Exception {
    Path file = folder.resolve("threads.jfr");
    RecorderOptions options =
        RecorderOptions.DEFAULT.withChunkBytes(64 * 1024).withChunkDuration(Duration.ofMillis(3));
    try (Recorder r = Recorder.create(file, options)) {
      List<Thread> writers = new ArrayList<>();
      for (int t = 1; t <= 4; t++) {
        int tid = t;
        writers.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < 5_000; i++) {
                    int method = r.method("a.out", "f" + i % 100, "");
                    int thread = r.thread(1, tid, "p", "t" + tid);
                    r.executionSample(i, thread, stack(r, method, tid), SampleState.USER);
                  }
                }));
      }
      for (Thread w : writers) {
        w.join();
      }
    }
    try (Recording recording = Recording.open(file)) {
      assertThat(
              recording
                  .samples()
                  .collect(
                      Collectors.groupingBy(
                          s -> s.thread().threadId() - s.frames().getFirst().line(),
                          Collectors.counting())))
          .containsOnly(Map.entry(0, 20_000L));
    }
  }

  private record Hit(
      long time, long nanos, int thread, int stack, double ratio, boolean write, String name) {}

  private static final EventType<Hit> HIT =
      EventType.named("test.Hit", Hit::time)
          .label("Hit")
          .description("Something of another module")
          .category("whatif", "Test")
          .duration(Hit::nanos)
          .thread("thread", "Thread", Hit::thread)
          .stackTrace(Hit::stack)
          .real("ratio", "Ratio", Unit.FRACTION, Hit::ratio)
          .flag("write", "Write", Hit::write)
          .text("name", "Name", Hit::name)
          .build();

  @Test
  void otherModulesDeclareTheirOwnEvents() {
    Path file = folder.resolve("own.jfr");
    try (Recorder r = Recorder.create(file, ExampleRecording.BY_HAND)) {
      int thread = r.thread(7, 8, "p", "worker");
      int id = stack(r, r.method("a.out", "main", ""), 3);
      r.write(HIT, new Hit(5, 1_500, thread, id, 0.25, true, "one"));
      r.finishChunk();
      r.write(HIT, new Hit(6, 0, 0, 0, -1.5, false, null));
      EventType<Hit> other = EventType.named("test.Hit", Hit::time).build();
      assertThatThrownBy(() -> r.write(other, new Hit(0, 0, 0, 0, 0, false, "")))
          .hasMessageContaining("another event type is called test.Hit");
      assertThatThrownBy(() -> r.write(HIT, new Hit(0, 0, 99, 0, 0, false, "")))
          .hasMessageContaining("no thread 99");
    }
    try (Recording recording = Recording.open(file)) {
      List<RecordedEvent> hits =
          recording.events().filter(e -> e.getEventType().getName().equals("test.Hit")).toList();
      assertThat(hits).hasSize(2);
      RecordedEvent hit = hits.getFirst();
      assertThat(hit.getDuration()).isEqualTo(Duration.ofNanos(1_500));
      assertThat(hit.getThread("thread").getJavaName()).isEqualTo("worker");
      assertThat(hit.getStackTrace().getFrames().getFirst().getLineNumber()).isEqualTo(3);
      assertThat(hit.getDouble("ratio")).isEqualTo(0.25);
      assertThat(hit.getBoolean("write")).isTrue();
      assertThat(hit.getString("name")).isEqualTo("one");
      assertThat(hit.getEventType().getCategoryNames()).containsExactly("whatif", "Test");
      assertThat(hits.getLast().getString("name")).isNull();
      assertThat(hits.getLast().getStackTrace()).isNull();
    }
  }

  @Test
  void aClosedRecorderRefusesEvents() {
    Recorder r = Recorder.create(folder.resolve("closed.jfr"), RecorderOptions.DEFAULT);
    r.close();
    r.close();
    assertThatThrownBy(() -> r.environment("a", "b")).isInstanceOf(IllegalStateException.class);
  }
}
