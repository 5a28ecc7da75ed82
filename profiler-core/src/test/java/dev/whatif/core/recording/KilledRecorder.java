package dev.whatif.core.recording;

import java.nio.file.Path;

/** Records until it is killed. */
final class KilledRecorder {

  static final int SAMPLES_PER_CHUNK = 500;

  public static void main(String[] args) {
    try (Recorder r = Recorder.create(Path.of(args[0]), ExampleRecording.BY_HAND)) {
      int thread = r.thread(1, 1, "p", "t");
      int[] zeros = new int[1];
      byte[] types = {FrameType.NATIVE.id()};
      for (int chunk = 0; chunk < 100_000; chunk++) {
        for (int i = 0; i < SAMPLES_PER_CHUNK; i++) {
          int[] method = {r.method("a.out", "f" + (chunk * 31 + i) % 2000, "/a.c")};
          int stack = r.stackTrace(method, zeros, zeros, types, 1, false);
          r.executionSample(System.nanoTime(), thread, stack, SampleState.USER);
        }
        r.finishChunk();
      }
    }
  }
}
