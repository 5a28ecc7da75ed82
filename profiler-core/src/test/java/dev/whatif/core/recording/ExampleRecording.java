package dev.whatif.core.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A small recording of everything at once, always the same bytes: two processes of one name,
 * native, C++, inlined and kernel frames, names of all kinds, three chunks.
 */
final class ExampleRecording {

  /** Samples of {@code dictFind} as leaf, of all samples. */
  static final int DICT_FIND = 30;

  static final int SAMPLES = 60;
  static final String UNICODE = "größe::测量<🙂>";
  static final String CPP = "std::vector<int, std::allocator<int> >::push_back(int const&)";
  static final String LONG_NAME = "very_long_" + "x".repeat(5000);
  static final long START = 1_000_000_000_000L;
  static final Instant WALL = Instant.parse("2026-03-01T12:00:00Z");
  static final RecorderOptions BY_HAND = RecorderOptions.DEFAULT.withChunkDuration(Duration.ZERO);

  private ExampleRecording() {}

  /** A recorder whose clock moves 1 ms whenever it is read. */
  static Recorder recorder(Path file) {
    AtomicLong clock = new AtomicLong(START);
    return Recorder.create(ChunkFile.create(file), BY_HAND, () -> clock.getAndAdd(1_000_000), WALL);
  }

  static void write(Path file) {
    try (Recorder r = recorder(file)) {
      r.environment(new Environment(START, "kernel", "6.18.0"));
      r.environment(new Environment(START, "mechanism", "task-clock"));
      r.mapping(
          new MappingEvent(
              START,
              4242,
              0x5555_5555_0000L,
              0x20_0000,
              0x1000,
              "/usr/bin/redis-server",
              "c0ffee"));
      r.mapping(new MappingEvent(START, 4242, 0x7fff_f7fc_0000L, 0x2000, 0, "[vdso]", null));
      int main = r.thread(4242, 4242, "redis-server", "redis-server");
      int io = r.thread(4242, 4245, "redis-server", "io_thd_1");
      int other = r.thread(5000, 5000, "redis-server", "redis-server");
      byte nat = FrameType.NATIVE.id();
      byte inl = FrameType.INLINED.id();
      byte cpp = FrameType.CPP.id();
      byte ker = FrameType.KERNEL.id();
      int dictFind = r.method("redis-server", "dictFind", "/build/redis/src/dict.c");
      int lookupKey = r.method("redis-server", "lookupKey", "/build/redis/src/db.c");
      int mainFn = r.method("redis-server", "main", "/build/redis/src/server.c");
      int write = r.method("libc.so.6", "__libc_write", "");
      int sys = r.method("[kernel]", "do_syscall_64", "");
      int tcp = r.method("[kernel]", "tcp_sendmsg", "");
      int push = r.method("libstdc++.so.6", CPP, "/usr/include/c++/12/bits/stl_vector.h");
      int unicode = r.method("größe", UNICODE, "/src/größe.cc");
      int longName = r.method("redis-server", LONG_NAME, "");
      int find = stack(r, new int[] {dictFind, lookupKey, mainFn}, new byte[] {nat, inl, nat});
      int inlinedFind =
          stack(r, new int[] {dictFind, lookupKey, mainFn}, new byte[] {inl, nat, nat});
      int kernel = stack(r, new int[] {tcp, sys, write, mainFn}, new byte[] {ker, ker, nat, nat});
      int cplus = stack(r, new int[] {push, unicode, longName}, new byte[] {cpp, cpp, nat});
      for (int i = 0; i < SAMPLES; i++) {
        long time = START + i * 1_000_000L;
        switch (i % 6) {
          case 0, 1 -> r.executionSample(time, main, find, SampleState.USER);
          case 2 -> r.executionSample(time, other, inlinedFind, SampleState.USER);
          case 3, 4 -> r.executionSample(time, io, kernel, SampleState.KERNEL);
          default -> r.executionSample(time, io, cplus, SampleState.USER);
        }
        if (i == 19 || i == 39) {
          r.finishChunk();
        }
      }
      r.loss(new Loss(START + 1, "perf ring 1", "buffer full", 3, 0));
      r.cost(new Cost(START + 2, "drain", 1_500_000, 2_000_000));
    }
  }

  private static int stack(Recorder r, int[] methods, byte[] types) {
    int[] lines = new int[methods.length];
    int[] offsets = new int[methods.length];
    for (int i = 0; i < methods.length; i++) {
      lines[i] = types[i] == FrameType.KERNEL.id() ? 0 : 100 * methods[i] + i;
      offsets[i] = 0x10 * (i + 1);
    }
    return r.stackTrace(methods, lines, offsets, types, methods.length, false);
  }
}
