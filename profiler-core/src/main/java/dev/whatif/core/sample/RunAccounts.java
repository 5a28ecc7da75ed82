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
    lost(s.lost());
    costs(s.drainCpuNanos(), s.writeCpuNanos(), s.ownCpuNanos());
    if (s.missed() > 0) {
      String reason =
          s.kernelPermitted()
              ? "missed tick: the timer came late, or a thread ended within a period"
              : "in the kernel, where samples are not permitted; or missed tick";
      recorder.loss(new Loss(now(), SOURCE, reason, s.missed(), 0));
    }
  }

  /** Records the kernel reported lost so far. */
  private void lost(long total) {
    if (total > writtenLost) {
      recorder.loss(new Loss(now(), SOURCE, "ring full", total - writtenLost, 0));
      writtenLost = total;
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
