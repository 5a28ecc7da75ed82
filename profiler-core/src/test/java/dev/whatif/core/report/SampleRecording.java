package dev.whatif.core.report;

import dev.whatif.core.recording.Cost;
import dev.whatif.core.recording.FrameType;
import dev.whatif.core.recording.Loss;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.recording.SampleState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A recording of 1,000 samples with known shares, as a profile of Redis looks like. */
public final class SampleRecording {

  /** Samples in it. */
  public static final int SAMPLES = 1000;

  /** A name longer than any terminal. */
  public static final String LONG_NAME =
      "std::_Rb_tree<std::string, std::pair<std::string const, Value>, std::_Select1st<std::pair<"
          + "std::string const, Value> >, std::less<std::string> >::_M_insert_unique(Value&&)";

  private record Level(String object, String function, String file, int line, FrameType type) {}

  private static final Level MAIN =
      new Level("redis-server", "main", "/build/redis/src/server.c", 6100, FrameType.NATIVE);
  private static final Level LOOP =
      new Level("redis-server", "aeMain", "/build/redis/src/ae.c", 496, FrameType.NATIVE);
  private static final Level CALL =
      new Level("redis-server", "call", "/build/redis/src/server.c", 3532, FrameType.NATIVE);
  private static final Level HASH =
      new Level("redis-server", "siphash", "/build/redis/src/siphash.c", 121, FrameType.INLINED);
  private static final Level FIND =
      new Level("redis-server", "dictFind", "/build/redis/src/dict.c", 512, FrameType.NATIVE);
  private static final Level SORT =
      new Level("redis-server", "quicksort", "/build/redis/src/pqsort.c", 77, FrameType.NATIVE);
  private static final Level INSERT =
      new Level("module.so", LONG_NAME, "/build/module/tree.cc", 9, FrameType.CPP);
  private static final Level MEMCPY = new Level("libc.so.6", "memcpy", "", 0, FrameType.NATIVE);
  private static final Level TCP = new Level("[kernel]", "tcp_sendmsg", "", 0, FrameType.KERNEL);

  private final Recorder recorder;
  private long time = System.nanoTime() + 20_000_000;

  private SampleRecording(Recorder recorder) {
    this.recorder = recorder;
  }

  /** Writes it. */
  public static Path write(Path file) {
    RecorderOptions options = RecorderOptions.DEFAULT.withChunkDuration(Duration.ZERO);
    try (Recorder recorder = Recorder.create(file, options)) {
      new SampleRecording(recorder).events();
    }
    return file;
  }

  private void events() {
    recorder.environment("target", "redis-server (pid 4242)");
    recorder.environment("mechanism", "perf task-clock");
    recorder.environment("rate", "999 Hz");
    recorder.environment("stacks", "unwind");
    int main = recorder.thread(4242, 4242, "redis-server", "redis-server");
    int io = recorder.thread(4242, 4250, "redis-server", "io_thd_1");
    int child = recorder.thread(4300, 4300, "redis-rdb-bgsave", "redis-rdb-bgsave");
    samples(400, main, SampleState.USER, HASH, FIND, CALL, LOOP, MAIN);
    recorder.finishChunk();
    samples(100, main, SampleState.USER, FIND, CALL, LOOP, MAIN);
    samples(120, main, SampleState.USER, SORT, SORT, SORT, CALL, LOOP, MAIN);
    samples(80, main, SampleState.USER, INSERT, CALL, LOOP, MAIN);
    samples(150, io, SampleState.USER, MEMCPY, CALL, LOOP, MAIN);
    recorder.finishChunk();
    samples(100, io, SampleState.KERNEL, TCP, CALL, LOOP, MAIN);
    samples(50, child, SampleState.KERNEL, MEMCPY, MAIN);
    recorder.loss(new Loss(time, "perf ring 0", "buffer full", 3, 4242));
    recorder.loss(new Loss(time, "perf ring 1", "buffer full", 4, 4242));
    recorder.cost(new Cost(time, "total", 250_000_000, 0));
  }

  private void samples(int count, int thread, SampleState state, Level... levels) {
    int n = levels.length;
    int[] methods = new int[n];
    int[] lines = new int[n];
    int[] offsets = new int[n];
    byte[] types = new byte[n];
    for (int i = 0; i < n; i++) {
      methods[i] = recorder.method(levels[i].object(), levels[i].function(), levels[i].file());
      lines[i] = levels[i].line();
      offsets[i] = 0x1_2345;
      types[i] = levels[i].type().id();
    }
    boolean truncated = List.of(levels).contains(INSERT);
    int stack = recorder.stackTrace(methods, lines, offsets, types, n, truncated);
    for (int i = 0; i < count; i++) {
      recorder.executionSample(time, thread, stack, state);
      time += 20_000_000;
    }
  }
}
