package dev.whatif.core.sample;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.core.linux.PerfEventAttr;
import dev.whatif.core.linux.Pidfd;
import dev.whatif.core.linux.Poll;
import dev.whatif.core.linux.Time;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.symbol.Symbolizer;
import dev.whatif.core.unwind.UnwindTables;
import dev.whatif.core.unwind.Unwinder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run: the two threads, the events, and the accounts at the end. */
final class SampleSession {

  /** A garbage collection or a file opened for the first time may hold the drain up this long. */
  private static final long RING_MILLIS = 600;

  private static final int POLL_MILLIS = 100;
  private static final int MOST_WATERMARK = 1 << 20;

  private final Target target;
  private final CpuProfileOptions options;
  private final Recorder recorder;
  private final SampleWriter writer;
  private final Arena arena = Arena.ofShared();
  private final DrainCounters counters = new DrainCounters();
  private final BatchExchange batches = new BatchExchange();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CompletableFuture<Boolean> attached = new CompletableFuture<>();
  private final Thread drainThread;
  private final Thread writeThread;
  private final boolean kernel;
  private final PerfRings rings;
  private final ThreadEvents events;
  private final long startNanos;
  private final long startCpuNanos;
  private final List<Integer> watched = new ArrayList<>();
  private volatile boolean stopping;
  private volatile boolean drained;
  private volatile long drainCpuNanos;
  private volatile long writeCpuNanos;
  private volatile @Nullable RuntimeException failure;

  SampleSession(
      Target target, CpuProfileOptions options, Recorder recorder, Symbolizer symbolizer) {
    this.target = target;
    this.options = options;
    this.recorder = recorder;
    this.writer = new SampleWriter(recorder, symbolizer);
    startNanos = Time.clockNanos(Time.CLOCK_MONOTONIC);
    startCpuNanos = Time.clockNanos(Time.CLOCK_PROCESS_CPUTIME_ID);
    int[] cpus = OnlineCpus.read();
    long ringBytes =
        RingMemory.needed(options.rateHz(), recordBytes(), RING_MILLIS, options.maxRingBytes());
    int watermark = (int) Math.min(MOST_WATERMARK, ringBytes / 4);
    boolean onExec = target instanceof Target.Launched;
    boolean lost =
        accepted(true, true, onExec, watermark) || accepted(false, true, onExec, watermark);
    kernel = accepted(true, lost, onExec, watermark);
    PerfEventAttr attr = TaskClock.attr(arena, options, kernel, lost, onExec, watermark);
    rings = new PerfRings(cpus, ringBytes, watermark);
    events = new ThreadEvents(attr, cpus, rings, lost);
    drainThread = Thread.ofPlatform().daemon().name("whatif-drain").unstarted(this::drain);
    writeThread = Thread.ofPlatform().daemon().name("whatif-write").unstarted(this::write);
  }

  private boolean accepted(boolean inKernel, boolean lost, boolean onExec, int watermark) {
    try (Arena temporary = Arena.ofConfined()) {
      return ThreadEvents.accepted(
          TaskClock.attr(temporary, options, inKernel, lost, onExec, watermark));
    }
  }

  private long recordBytes() {
    return options.stacks() == StackMode.UNWIND ? options.stackBytes() + 512L : 512L;
  }

  void start() {
    OpenFiles.raise();
    writeThread.start();
    drainThread.start();
    try {
      attached.join();
    } catch (CompletionException e) {
      stop();
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw e;
    }
  }

  CpuProfiler.Progress progress() {
    return new CpuProfiler.Progress(counters.samples, counters.reportedLost, events.threads());
  }

  boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  CpuProfileSummary stop() {
    stopping = true;
    join(drainThread);
    drained = true;
    join(writeThread);
    PerfEvent.Count count = events.total();
    CpuProfileSummary summary = summary(count);
    events.close();
    rings.close();
    arena.close();
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return summary;
  }

  private CpuProfileSummary summary(PerfEvent.Count count) {
    long lost = count.lost() < 0 ? counters.reportedLost : count.lost();
    long expected = Math.round((double) count.value() / options.periodNanos());
    return new CpuProfileSummary(
        counters.samples,
        counters.kernelSamples,
        lost,
        Math.max(0, expected - counters.samples - lost),
        count.value(),
        options.periodNanos(),
        counters.truncated,
        kernel,
        drainCpuNanos,
        writeCpuNanos,
        Time.clockNanos(Time.CLOCK_PROCESS_CPUTIME_ID) - startCpuNanos,
        Time.clockNanos(Time.CLOCK_MONOTONIC) - startNanos);
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain() {
    try (Unwinder unwinder = new Unwinder(new UnwindTables())) {
      StackReader stacks =
          switch (options.stacks()) {
            case LEAF -> new LeafReader();
            case FP -> new ChainReader();
            case UNWIND -> new UnwindReader(unwinder, kernel);
          };
      RingDrain drain = new RingDrain(rings, stacks, batches, counters);
      attach(drain);
      attached.complete(true);
      loop(drain);
      events.disable();
      drain.passAll();
    } catch (RuntimeException | Error e) {
      if (!attached.completeExceptionally(e)) {
        failure =
            e instanceof RuntimeException known ? known : new IllegalStateException("drain", e);
        ended.countDown();
      }
    } finally {
      drainCpuNanos = Time.clockNanos(Time.CLOCK_THREAD_CPUTIME_ID);
    }
  }

  private void attach(RingDrain drain) {
    List<Integer> pids = target.processes();
    boolean any = false;
    for (int pid : pids) {
      any |= attach(drain, pid);
    }
    if (!any) {
      throw new TargetLostException(
          target.name() + " (pid " + target.leader() + ") ended before it could be sampled");
    }
  }

  private boolean attach(RingDrain drain, int pid) {
    if (drain.wasBorn(pid)) {
      return true;
    }
    int pidfd;
    try {
      pidfd = Pidfd.open(pid);
    } catch (LinuxException e) {
      return false;
    }
    watched.add(pidfd);
    drain.apply(ProcessRecords.present(pid));
    boolean any =
        events.attach(
            pid,
            tid -> {
              settle(drain);
              return drain.wasBorn(tid);
            },
            !(target instanceof Target.Launched));
    drain.addMappings(pid);
    return any;
  }

  /** A thread can be seen in /proc a moment before its fork record is written. */
  private static void settle(RingDrain drain) {
    java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    drain.passAll();
  }

  private void loop(RingDrain drain) {
    List<Integer> descriptors = rings.descriptors();
    int ringCount = descriptors.size();
    MemorySegment entries = arena.allocate(Poll.POLLFD, ringCount + watched.size());
    for (int i = 0; i < ringCount; i++) {
      Poll.set(entries, i, descriptors.get(i), Poll.POLLIN);
    }
    for (int i = 0; i < watched.size(); i++) {
      Poll.set(entries, ringCount + i, watched.get(i), Poll.POLLIN);
    }
    int alive = watched.size();
    while (!stopping) {
      Poll.poll(entries, ringCount + watched.size(), POLL_MILLIS);
      for (int i = ringCount; i < ringCount + watched.size(); i++) {
        if (Poll.revents(entries, i) != 0) {
          Poll.set(entries, i, -1, Poll.POLLIN);
          alive--;
        }
      }
      drain.pass();
      if (alive == 0) {
        ended.countDown();
      }
    }
    watched.forEach(Unistd::close);
  }

  private void write() {
    try {
      while (true) {
        boolean last = drained;
        SampleBatch batch = batches.pollFull(POLL_MILLIS);
        if (batch != null) {
          writer.write(batch);
          batches.putEmpty(batch);
        } else if (last) {
          return;
        }
      }
    } catch (RuntimeException e) {
      failure = e;
      ended.countDown();
    } finally {
      writeCpuNanos = Time.clockNanos(Time.CLOCK_THREAD_CPUTIME_ID);
    }
  }
}
