package dev.whatif.core.sample;

import dev.whatif.core.recording.Environment;
import dev.whatif.core.recording.FrameType;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.SampleState;
import dev.whatif.core.symbol.FrameKind;
import dev.whatif.core.symbol.Missing;
import dev.whatif.core.symbol.SourceFrame;
import dev.whatif.core.symbol.Symbolizer;
import java.util.Arrays;
import java.util.List;

/**
 * Turns batches into events: addresses become functions and lines the first time a stack is seen,
 * and one number afterwards. Confined to the writer thread.
 */
final class SampleWriter {

  /**
   * The recorder promises a stack's number only until so many newer frames were interned (half of
   * its default capacity); this forgets its numbers well before.
   */
  private static final int FRAMES_UNTIL_FORGOTTEN = 200_000;

  private final Recorder recorder;
  private final Symbolizer symbolizer;
  private final MappingLog mappings;
  private final ProcessTable processes = new ProcessTable();
  private final LongIntMap stacks = new LongIntMap();
  private final LongIntMap threads = new LongIntMap();
  private int internedFrames;
  private int writtenMissing;

  private int[] methods = new int[256];
  private int[] lines = new int[256];
  private int[] offsets = new int[256];
  private byte[] types = new byte[256];
  private int depth;

  SampleWriter(Recorder recorder, Symbolizer symbolizer) {
    this.recorder = recorder;
    this.symbolizer = symbolizer;
    this.mappings = new MappingLog(recorder);
  }

  /** Writes all of a batch. */
  void write(SampleBatch batch) {
    int at = 0;
    while (at < batch.used) {
      long word = batch.words[at];
      if (word < 0) {
        change(batch.changes.get((int) (-1 - word)));
        at++;
      } else {
        at = sample(batch.words, at);
      }
    }
  }

  /** Writes what the symbolizer could not know about objects met since the last time. */
  void writeMissing() {
    List<Missing> missing = symbolizer.missing();
    for (Missing m : missing.subList(writtenMissing, missing.size())) {
      recorder.environment(Environment.MISSING_SYMBOLS + m.object(), m.sentence());
    }
    writtenMissing = missing.size();
  }

  private void change(ProcessChange change) {
    switch (change) {
      case ProcessChange.Appeared a -> threads.clear();
      case ProcessChange.Executed e -> {
        threads.clear();
        symbolizer.forget(e.pid());
      }
      case ProcessChange.Named n -> threads.clear();
      case ProcessChange.Exited e -> {
        threads.clear(); // the number may be used again
        if (e.tid() == e.pid()) {
          symbolizer.forget(e.pid());
        }
      }
      case ProcessChange.Forked f -> {}
      case ProcessChange.Cloned c -> {}
      case ProcessChange.Mapped m -> {}
    }
    processes.apply(change);
  }

  private int sample(long[] words, int at) {
    long time = words[at];
    long owner = words[at + 1];
    long shape = words[at + 2];
    int pid = (int) (owner >> 32);
    int count = SampleBatch.depth(shape);
    int end = at + 3 + SampleBatch.bitWords(count) + count;
    ProcessTable.TrackedProcess process = processes.process(pid);

    int thread = threads.get(owner);
    if (thread == LongIntMap.NONE) {
      int tid = (int) owner;
      thread = recorder.thread(pid, tid, process.name(), process.threadName(tid));
      threads.put(owner, thread);
    }
    long key = LongIntMap.mix(process.layout());
    for (int i = at + 2; i < end; i++) {
      key = LongIntMap.mix(key ^ words[i]);
    }
    int stack = stacks.get(key);
    if (stack == LongIntMap.NONE) {
      stack = intern(time, process, words, at + 3, shape);
      stacks.put(key, stack);
    }
    recorder.executionSample(
        time, thread, stack, SampleBatch.inKernel(shape) ? SampleState.KERNEL : SampleState.USER);
    return end;
  }

  private int intern(
      long time, ProcessTable.TrackedProcess process, long[] words, int bits, long shape) {
    int count = SampleBatch.depth(shape);
    int first = bits + SampleBatch.bitWords(count);
    depth = 0;
    for (int i = 0; i < count; i++) {
      long pc = words[first + i];
      boolean exact = (words[bits + (i >> 6)] >>> i & 1) != 0;
      if (i < SampleBatch.kernelFrames(shape)) {
        addAll(symbolizer.resolveKernel(pc, exact));
      } else {
        addAll(symbolizer.resolve(process.space(), pc, exact));
        mappings.used(time, process.space(), pc);
      }
    }
    internedFrames += depth;
    if (internedFrames > FRAMES_UNTIL_FORGOTTEN) {
      stacks.clear();
      internedFrames = depth;
    }
    return recorder.stackTrace(methods, lines, offsets, types, depth, SampleBatch.truncated(shape));
  }

  private void addAll(List<SourceFrame> frames) {
    for (SourceFrame frame : frames) {
      if (depth == methods.length) {
        methods = Arrays.copyOf(methods, depth * 2);
        lines = Arrays.copyOf(lines, depth * 2);
        offsets = Arrays.copyOf(offsets, depth * 2);
        types = Arrays.copyOf(types, depth * 2);
      }
      methods[depth] = recorder.method(frame.object(), frame.function(), frame.file());
      lines[depth] = frame.line();
      offsets[depth] = frame.offset();
      types[depth] = type(frame.kind()).id();
      depth++;
    }
  }

  private static FrameType type(FrameKind kind) {
    return switch (kind) {
      case NATIVE -> FrameType.NATIVE;
      case CPP -> FrameType.CPP;
      case INLINED -> FrameType.INLINED;
      case KERNEL -> FrameType.KERNEL;
      case JIT -> FrameType.JIT_COMPILED;
    };
  }
}
