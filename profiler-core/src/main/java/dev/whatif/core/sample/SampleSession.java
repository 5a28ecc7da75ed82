package dev.whatif.core.sample;

import dev.whatif.core.linux.CpuList;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfEventAttr;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.symbol.Symbolizer;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** One run: what it is made of, its start and its end. */
final class SampleSession {

  /** A garbage collection, or a file opened for the first time, may hold the drain up this long. */
  private static final long RING_MILLIS = 600;

  private static final int MOST_WATERMARK = 1 << 20;

  /** Of a sample without the copy of the stack: registers and a deep kernel chain. */
  private static final long RECORD_BYTES = 512;

  private final CpuProfileOptions options;
  private final Arena arena = Arena.ofShared();
  private final DrainCounters counters = new DrainCounters();
  private final RunAccounts accounts;
  private final RunFacts facts;
  private final PerfRings rings;
  private final ThreadEvents events;
  private final DrainThread drain;
  private final WriteThread write;
  private final boolean kernel;

  SampleSession(
      Target target, CpuProfileOptions options, Recorder recorder, Symbolizer symbolizer) {
    this.options = options;
    accounts = new RunAccounts(recorder);
    facts = new RunFacts(recorder, options);
    OpenFiles.raise();
    int[] cpus = CpuList.online();
    long stackBytes = options.stacks() == StackMode.UNWIND ? options.stackBytes() : 0;
    long ringBytes =
        RingMemory.needed(
            options.rateHz(), RECORD_BYTES + stackBytes, RING_MILLIS, options.maxRingBytes());
    int watermark = (int) Math.min(MOST_WATERMARK, ringBytes / 4);
    boolean onExec = target instanceof Target.Launched;
    try {
      rings = new PerfRings(cpus, ringBytes, watermark);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
    boolean countsLost = accepted(false, true, onExec, watermark);
    kernel = accepted(true, countsLost, onExec, watermark);
    PerfEventAttr attr = TaskClock.attr(arena, options, kernel, countsLost, onExec, watermark);
    events = new ThreadEvents(attr, cpus, rings, countsLost);
    BatchExchange batches = new BatchExchange();
    SampleWriter writer = new SampleWriter(recorder, symbolizer);
    drain = new DrainThread(target, options, rings, events, kernel, batches, counters);
    write = new WriteThread(writer, batches, counters, accounts, drain.ended());
    facts.start(target, kernel, cpus.length, rings.bytesEach());
  }

  /** Asks the kernel by opening one on this process. */
  private boolean accepted(boolean inKernel, boolean lost, boolean onExec, int watermark) {
    try (Arena temporary = Arena.ofConfined()) {
      return ThreadEvents.accepted(
          TaskClock.attr(temporary, options, inKernel, lost, onExec, watermark));
    }
  }

  void start() {
    write.start();
    drain.start();
    try {
      drain.attached().join();
    } catch (CompletionException e) {
      end();
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw e;
    }
  }

  CpuProfiler.Progress progress() {
    return new CpuProfiler.Progress(counters.samples(), counters.reportedLost(), events.threads());
  }

  boolean awaitEnd(Duration patience) throws InterruptedException {
    return drain.ended().await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  CpuProfileSummary stop() {
    CpuProfileSummary summary = end();
    if (drain.failure() != null) {
      throw drain.failure();
    }
    if (write.failure() != null) {
      throw write.failure();
    }
    accounts.complete(summary);
    facts.end(summary);
    return summary;
  }

  private CpuProfileSummary end() {
    drain.stop();
    write.stop();
    CpuProfileSummary summary = summary(events.total());
    events.close();
    rings.close();
    arena.close();
    return summary;
  }

  private CpuProfileSummary summary(PerfEvent.Count count) {
    long full = Math.max(counters.reportedLost(), count.lost());
    long expected = Math.round((double) count.value() / options.periodNanos());
    long absent = Math.max(0, expected - counters.samples() - full);
    long throttled = Math.min(absent, counters.throttledNanos() / options.periodNanos());
    return new CpuProfileSummary(
        counters.samples(),
        counters.kernelSamples(),
        full + throttled,
        throttled,
        kernel ? absent - throttled : 0,
        kernel ? 0 : absent - throttled,
        counters.outOfOrder(),
        count.value(),
        options.periodNanos(),
        counters.truncated(),
        kernel,
        counters.cpuNanos(),
        write.cpuNanos(),
        accounts.ownCpuNanos(),
        accounts.wallNanos());
  }
}
