package dev.whatif.core.sample;

import dev.whatif.core.linux.Time;
import dev.whatif.core.process.Target;
import dev.whatif.core.unwind.UnwindTables;
import dev.whatif.core.unwind.Unwinder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The thread between the rings and the batches. A platform thread: it blocks in poll. */
final class DrainThread {

  private static final int POLL_MILLIS = 100;

  /** How often a target is asked for processes that have joined. */
  private static final long FOLLOW_NANOS = 250_000_000;

  private final Target target;
  private final CpuProfileOptions options;
  private final PerfRings rings;
  private final ThreadEvents events;
  private final boolean kernel;
  private final BatchExchange batches;
  private final DrainCounters counters;
  private final CompletableFuture<Boolean> attached = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("whatif-drain").unstarted(this::run);
  private volatile boolean stopping;
  private volatile @Nullable RuntimeException failure;

  DrainThread(
      Target target,
      CpuProfileOptions options,
      PerfRings rings,
      ThreadEvents events,
      boolean kernel,
      BatchExchange batches,
      DrainCounters counters) {
    this.target = target;
    this.options = options;
    this.rings = rings;
    this.events = events;
    this.kernel = kernel;
    this.batches = batches;
    this.counters = counters;
  }

  void start() {
    thread.start();
  }

  /** Done when the target is attached, failed when it could not be. */
  CompletableFuture<Boolean> attached() {
    return attached;
  }

  /** Open while something of the target lives and the thread is well. */
  CountDownLatch ended() {
    return ended;
  }

  /** Ends the sampling, and the thread after everything in the rings was read. */
  void stop() {
    stopping = true;
    Threads.join(thread);
  }

  /** What ended it early, or null. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  private void run() {
    UnwindTables tables = new UnwindTables();
    try (Unwinder unwinder = new Unwinder(tables);
        PollSet poll = new PollSet(rings.descriptors())) {
      StackReader stacks =
          switch (options.stacks()) {
            case LEAF -> new LeafReader();
            case FP -> new ChainReader();
            case UNWIND -> new UnwindReader(tables, unwinder, kernel);
          };
      RingDrain drain = new RingDrain(rings, stacks, batches, counters);
      TargetFollower follower = new TargetFollower(target, events, drain, poll);
      follower.attachAll();
      attached.complete(true);
      loop(drain, follower, poll);
      events.disable();
      drain.passAll();
      drain.finish();
    } catch (RuntimeException | Error e) {
      RuntimeException known =
          e instanceof RuntimeException r ? r : new IllegalStateException("the drain failed", e);
      if (!attached.completeExceptionally(known)) {
        failure = known;
      }
    } finally {
      counters.cpuNanos(Time.clockNanos(Time.CLOCK_THREAD_CPUTIME_ID));
      ended.countDown();
    }
  }

  private void loop(RingDrain drain, TargetFollower follower, PollSet poll) {
    long looked = System.nanoTime();
    while (!stopping) {
      poll.await(POLL_MILLIS);
      drain.pass();
      counters.cpuNanos(Time.clockNanos(Time.CLOCK_THREAD_CPUTIME_ID));
      if (target.open() && System.nanoTime() - looked > FOLLOW_NANOS) {
        follower.attachNew();
        looked = System.nanoTime();
      }
      if (ended.getCount() > 0 && poll.alive() == 0 && follower.ended()) {
        ended.countDown();
      }
    }
  }
}
