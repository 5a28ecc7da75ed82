package dev.whatif.core.sample;

import dev.whatif.core.linux.Time;
import dev.whatif.core.recording.Cost;
import dev.whatif.core.recording.Loss;
import dev.whatif.core.recording.Recorder;

/**
 * What was lost and what it cost, written while it runs (a killed recorder leaves what it knew) and
 * completed at the end. One call at a time.
 */
final class RunAccounts {

  private static final String SOURCE = "perf task-clock";

  private final Recorder recorder;
  private final long startCpuNanos = Time.clockNanos(Time.CLOCK_PROCESS_CPUTIME_ID);
  private final long startNanos = Time.clockNanos(Time.CLOCK_MONOTONIC);
  private long writtenLost;
  private long writtenNanos = startNanos;
  private long writtenDrain;
  private long writtenWrite;
  private long writtenTotal;

  RunAccounts(Recorder recorder) {
    this.recorder = recorder;
  }

  /** CPU time of this process since the start. */
  long ownCpuNanos() {
    return Time.clockNanos(Time.CLOCK_PROCESS_CPUTIME_ID) - startCpuNanos;
  }

  long wallNanos() {
    return Time.clockNanos(Time.CLOCK_MONOTONIC) - startNanos;
  }

  /** While it runs: what has come since the last time. */
  void interim(DrainCounters counters, long writeCpuNanos) {
    lost(counters.reportedLost());
    costs(counters.cpuNanos(), writeCpuNanos, ownCpuNanos());
  }

  /** At the end. */
  void complete(CpuProfileSummary s) {
    lost(s.lost() - s.throttled());
    loss(Loss.THROTTLED, s.throttled());
    loss(Loss.MISSED_TICK, s.missed());
    loss(Loss.UNSEEN_KERNEL, s.unseenKernel());
    costs(s.drainCpuNanos(), s.writeCpuNanos(), s.ownCpuNanos());
  }

  /** Records the kernel reported lost so far. */
  private void lost(long total) {
    if (total > writtenLost) {
      loss(Loss.RING_FULL, total - writtenLost);
      writtenLost = total;
    }
  }

  private void loss(String reason, long count) {
    if (count > 0) {
      recorder.loss(new Loss(now(), SOURCE, reason, count, 0));
    }
  }

  private void costs(long drain, long write, long total) {
    long now = now();
    long wall = now - writtenNanos;
    recorder.cost(new Cost(now, "drain", drain - writtenDrain, wall));
    recorder.cost(new Cost(now, "write", write - writtenWrite, wall));
    recorder.cost(new Cost(now, "total", total - writtenTotal, wall));
    writtenDrain = drain;
    writtenWrite = write;
    writtenTotal = total;
    writtenNanos = now;
  }

  private static long now() {
    return Time.clockNanos(Time.CLOCK_MONOTONIC);
  }
}
