package dev.whatif.core.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What goes into a recorder comes out of the reader. */
class RoundTripProperties {

  @Provide
  Arbitrary<String> names() {
    // Every character that UTF-8 can say; the brackets are what ObjectName is about.
    Arbitrary<String> any =
        Arbitraries.strings().all().ofMaxLength(30).filter(RoundTripProperties::isUnicode);
    return Arbitraries.oneOf(
        any, Arbitraries.of("", "[kernel]", "[vdso]", "libc.so.6", "perf-12.map", "a/b"));
  }

  private static boolean isUnicode(String s) {
    return s.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)
        && !(s.startsWith("<") && s.endsWith(">"));
  }

  @Provide
  Arbitrary<Frame> frames() {
    return Combinators.combine(
            names(),
            names(),
            names(),
            Arbitraries.integers().greaterOrEqual(0),
            Arbitraries.integers().greaterOrEqual(0),
            Arbitraries.of(FrameType.class))
        .as(Frame::new);
  }

  @Provide
  Arbitrary<List<List<Frame>>> stacks() {
    return frames().list().ofMaxSize(12).list().ofMinSize(1).ofMaxSize(8);
  }

  @Property(tries = 100)
  void samplesComeBackAsTheyWere(
      @ForAll("stacks") List<List<Frame>> stacks,
      @ForAll("names") String processName,
      @ForAll("names") String threadName,
      @ForAll @IntRange(min = 0, max = 4_194_304) int pid,
      @ForAll long seed)
      throws IOException {
    Path file = temporary();
    Random random = new Random(seed);
    List<Sample> expected = new ArrayList<>();
    try (Recorder r = ExampleRecording.recorder(file)) {
      for (int i = 0; i < 40; i++) {
        List<Frame> stack = stacks.get(random.nextInt(stacks.size()));
        SampledThread thread =
            new SampledThread(pid, processName, 1 + random.nextInt(5), threadName + i % 3);
        boolean truncated = random.nextInt(10) == 0;
        long time = random.nextLong(1L << 50);
        record(r, thread, stack, truncated, time);
        SampleState state =
            !stack.isEmpty() && stack.getFirst().type() == FrameType.KERNEL
                ? SampleState.KERNEL
                : SampleState.USER;
        expected.add(
            new Sample(
                ExampleRecording.WALL.plusNanos(time - ExampleRecording.START),
                thread,
                stack,
                truncated,
                state));
        if (random.nextInt(10) == 0) {
          r.finishChunk();
        }
      }
    }
    try (Recording recording = Recording.open(file)) {
      assertThat(recording.samples().toList()).containsExactlyInAnyOrderElementsOf(expected);
    } finally {
      Files.delete(file);
    }
  }

  private static void record(
      Recorder r, SampledThread thread, List<Frame> stack, boolean truncated, long time) {
    int n = stack.size();
    int[] methods = new int[n];
    int[] lines = new int[n];
    int[] offsets = new int[n];
    byte[] types = new byte[n];
    for (int f = 0; f < n; f++) {
      Frame frame = stack.get(f);
      methods[f] = r.method(frame.object(), frame.function(), frame.sourceFile());
      lines[f] = frame.line();
      offsets[f] = frame.offset();
      types[f] = frame.type().id();
    }
    int id = r.stackTrace(methods, lines, offsets, types, n, truncated);
    r.executionSample(
        time,
        r.thread(thread.processId(), thread.threadId(), thread.processName(), thread.name()),
        id,
        SampleState.USER);
  }

  @Property(tries = 100)
  void factsComeBackAsTheyWere(
      @ForAll("names") String text,
      @ForAll @IntRange(min = 0) int processId,
      @ForAll long number,
      @ForAll @IntRange(min = 0) int time)
      throws IOException {
    Path file = temporary();
    Loss loss = new Loss(time, text, text, number, processId);
    Cost cost = new Cost(time, text, number, -number);
    MappingEvent named = new MappingEvent(time, processId, number, 1, ~number, text, text);
    MappingEvent nameless = new MappingEvent(time, processId, number, 1, 0, text, null);
    try (Recorder r = ExampleRecording.recorder(file)) {
      r.loss(loss);
      r.cost(cost);
      r.mapping(named);
      r.environment("a", "old");
      r.finishChunk();
      r.mapping(nameless);
      r.environment("a", text);
    }
    try (Recording recording = Recording.open(file)) {
      assertThat(recording.losses()).containsExactly(loss);
      assertThat(recording.costs()).containsExactly(cost);
      assertThat(recording.mappings()).containsExactly(named, nameless);
      assertThat(recording.environment()).containsEntry("a", text);
    } finally {
      Files.delete(file);
    }
  }

  private static Path temporary() throws IOException {
    Path file = Files.createTempFile("round-trip", ".jfr");
    Files.delete(file);
    return file;
  }
}
