package dev.whatif.core.sample;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Sysctl;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.symbol.Symbolizer;
import java.time.Duration;

/**
 * Samples the CPU use of a target into a recording, from outside: the target runs no code of
 * whatif, is not stopped and not changed, and does not notice when whatif is killed.
 *
 * <p>Costs the target per sample a timer interrupt and the copy of its stack's top; {@code
 * whatif.Cost} says what whatif's own threads took. Needs perf_event_paranoid at most 2 for one's
 * own processes (then without samples in the kernel), root or CAP_PERFMON otherwise. Threads and
 * children born meanwhile are sampled too. Thread-safe.
 */
public final class CpuProfiler implements AutoCloseable {

  private final SampleSession session;
  private boolean stopped;

  private CpuProfiler(SampleSession session) {
    this.session = session;
  }

  /**
   * Begins. When this returns, every thread of the target is being sampled; a launched target that
   * is held begins to be with its first instruction after its release.
   *
   * @param recorder where the events go; stays open
   * @param symbolizer names the frames; used by one thread of this until {@link #stop} returns
   * @throws TargetLostException when the target has ended meanwhile
   * @throws UnavailableException when sampling it is not permitted or not supported
   */
  public static CpuProfiler start(
      Target target, CpuProfileOptions options, Recorder recorder, Symbolizer symbolizer) {
    checkRate(options.rateHz());
    SampleSession session = new SampleSession(target, options, recorder, symbolizer);
    session.start();
    return new CpuProfiler(session);
  }

  /** The kernel would throttle the events at once, and most samples would be missing. */
  private static void checkRate(int rateHz) {
    long most = Sysctl.number("kernel.perf_event_max_sample_rate").orElse(Long.MAX_VALUE);
    if (rateHz > most) {
      throw new UnavailableException(
          "the kernel allows " + most + " samples a second, not " + rateHz,
          "take a lower --rate, or: sysctl kernel.perf_event_max_sample_rate=" + rateHz);
    }
  }

  /** How it goes, for a progress line. */
  public Progress progress() {
    return session.progress();
  }

  /**
   * How it goes.
   *
   * @param samples so far
   * @param lost so far, as far as the kernel has reported it
   * @param threads that were attached; those born later are not counted
   */
  public record Progress(long samples, long lost, int threads) {}

  /**
   * Waits until every process of the target that was there at the start has ended, or sampling has
   * failed: then {@link #stop} says why.
   *
   * @return false when the time was over before
   */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return session.awaitEnd(patience);
  }

  /**
   * Ends the sampling and writes everything that is still on its way.
   *
   * @return what was seen and what was not; the same is in the recording
   */
  public synchronized CpuProfileSummary stop() {
    stopped = true;
    return session.stop();
  }

  /** Ends the sampling when nobody has called {@link #stop}. */
  @Override
  public synchronized void close() {
    if (!stopped) {
      stop();
    }
  }
}
