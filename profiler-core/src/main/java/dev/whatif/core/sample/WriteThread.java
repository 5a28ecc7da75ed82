package dev.whatif.core.sample;

import dev.whatif.core.linux.Time;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The thread between the batches and the recording. */
final class WriteThread {

  private static final int WAIT_MILLIS = 200;

  /** How often losses and costs go to the recording: as often as a chunk is finished. */
  private static final long ACCOUNT_NANOS = 2_000_000_000;

  private final SampleWriter writer;
  private final BatchExchange batches;
  private final DrainCounters counters;
  private final RunAccounts accounts;
  private final CountDownLatch ended;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("whatif-write").unstarted(this::run);
  private volatile boolean stopping;
  private volatile long cpuNanos;
  private volatile @Nullable RuntimeException failure;

  /**
   * Not started yet.
   *
   * @param ended opened when nothing can be written any more: the run is of no use then
   */
  WriteThread(
      SampleWriter writer,
      BatchExchange batches,
      DrainCounters counters,
      RunAccounts accounts,
      CountDownLatch ended) {
    this.writer = writer;
    this.batches = batches;
    this.counters = counters;
    this.accounts = accounts;
    this.ended = ended;
  }

  void start() {
    thread.start();
  }

  /** Ends the thread after all full batches were written; nobody may add one meanwhile. */
  void stop() {
    stopping = true;
    Threads.join(thread);
  }

  /** CPU time it has taken. */
  long cpuNanos() {
    return cpuNanos;
  }

  /** Why nothing was written from some time on, or null. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  private void run() {
    long accounted = System.nanoTime();
    while (true) {
      boolean last = stopping;
      SampleBatch batch = batches.pollFull(last ? 0 : WAIT_MILLIS);
      if (batch != null) {
        write(batch);
        batches.putEmpty(batch);
      } else if (last) {
        break;
      }
      cpuNanos = Time.clockNanos(Time.CLOCK_THREAD_CPUTIME_ID);
      if (System.nanoTime() - accounted > ACCOUNT_NANOS) {
        guarded(() -> accounts.interim(counters, cpuNanos));
        guarded(writer::writeMissing);
        accounted = System.nanoTime();
      }
    }
    guarded(writer::writeMissing);
    cpuNanos = Time.clockNanos(Time.CLOCK_THREAD_CPUTIME_ID);
  }

  private void write(SampleBatch batch) {
    guarded(() -> writer.write(batch));
  }

  /** After a failure (a full disk) batches still go round, so that the drain thread can end. */
  private void guarded(Runnable work) {
    if (failure != null) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      failed(e);
    } catch (Error e) {
      failed(new IllegalStateException("the writer failed", e));
    }
  }

  private void failed(RuntimeException e) {
    failure = e;
    ended.countDown();
  }
}
