package dev.whatif.core.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * How fast samples are written, and in how much heap: 20 M samples over 5000 distinct stacks of
 * depth 5 to 20, each stack interned anew for its sample. That they fit in {@code -Xmx256m} is the
 * claim about memory. Arguments: number of samples, file.
 *
 * <pre>
 *   mvn -q test-compile -pl profiler-core
 *   java -Xmx256m -cp profiler-core/target/classes:profiler-core/target/test-classes \
 *       dev.whatif.core.recording.RecorderBenchmark 20000000 /tmp/benchmark.jfr
 * </pre>
 */
final class RecorderBenchmark {

  private static final int STACKS = 5000;
  private static final int THREADS = 16;

  private final Random random = new Random(1);
  private final int[][] methods = new int[STACKS][];
  private final int[][] lines = new int[STACKS][];
  private final int[][] offsets = new int[STACKS][];
  private final byte[][] types = new byte[STACKS][];
  private final int[] threads = new int[THREADS];

  public static void main(String[] args) throws IOException {
    int samples = args.length > 0 ? Integer.parseInt(args[0]) : 20_000_000;
    Path file = Path.of(args.length > 1 ? args[1] : "recorder-benchmark.jfr");
    new RecorderBenchmark().run(samples, file);
  }

  private void run(int samples, Path file) throws IOException {
    for (int round = 1; round <= 3; round++) {
      Files.deleteIfExists(file);
      long cpu = cpuNanos();
      long wall = System.nanoTime();
      try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT)) {
        prepare(recorder);
        long start = System.nanoTime();
        for (int i = 0; i < samples; i++) {
          int s = (int) ((i * 0x9E3779B97F4A7C15L) >>> 33) % STACKS;
          int stack =
              recorder.stackTrace(
                  methods[s], lines[s], offsets[s], types[s], methods[s].length, false);
          recorder.executionSample(start + i * 500L, threads[i % THREADS], stack, SampleState.USER);
        }
      }
      double cpuSeconds = (cpuNanos() - cpu) / 1e9;
      double wallSeconds = (System.nanoTime() - wall) / 1e9;
      System.out.printf(
          "write: %.2f M samples/s of CPU time, %.2f M/s by the clock, %d MB, heap limit %d MB%n",
          samples / cpuSeconds / 1e6,
          samples / wallSeconds / 1e6,
          Files.size(file) >> 20,
          Runtime.getRuntime().maxMemory() >> 20);
    }
    long before = cpuNanos();
    try (Recording recording = Recording.open(file);
        var read = recording.samples()) {
      double opened = (cpuNanos() - before) / 1e9;
      long frames = read.limit(5_000_000).mapToLong(s -> s.frames().size()).sum();
      double seconds = (cpuNanos() - before) / 1e9 - opened;
      System.out.printf(
          "open: %.2f s of CPU time, %d chunks; read: %.2f M samples/s of CPU time, %d frames%n",
          opened, recording.chunks(), Math.min(samples, 5_000_000) / seconds / 1e6, frames);
    }
    Files.delete(file);
  }

  private void prepare(Recorder recorder) {
    for (int t = 0; t < THREADS; t++) {
      threads[t] = recorder.thread(4000, 4000 + t, "redis-server", "worker-" + t);
    }
    for (int s = 0; s < STACKS; s++) {
      int depth = 5 + random.nextInt(16);
      methods[s] = new int[depth];
      lines[s] = new int[depth];
      offsets[s] = new int[depth];
      types[s] = new byte[depth];
      for (int f = 0; f < depth; f++) {
        int function = random.nextInt(3000);
        methods[s][f] =
            recorder.method(
                "lib" + function % 20 + ".so",
                "function_number_" + function,
                "/src/f" + function % 200 + ".c");
        lines[s][f] = 1 + random.nextInt(2000);
        offsets[s][f] = random.nextInt(4096);
        types[s][f] = FrameType.NATIVE.id();
      }
    }
  }

  /** CPU time of this thread, {@code Documentation/scheduler/sched-stats.rst}. */
  private static long cpuNanos() throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ")[0]);
  }
}
