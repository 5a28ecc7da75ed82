package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.linux.FunctionPointer;
import dev.whatif.core.linux.Time;
import dev.whatif.core.x86.Emitter;
import dev.whatif.ebpf.jit.RunnableCode;

/** The processor's time stamp counter, read from Java. Stateless, thread-safe. */
final class TimeStampCounter {

  /** Enough that none of the best ones was interrupted. */
  private static final int ATTEMPTS = 200;

  /** Never unmapped. */
  private static final RunnableCode CODE = RunnableCode.of(Emitter.shortest(0, e -> emit(e)));

  private TimeStampCounter() {}

  private static void emit(Emitter e) {
    new Writer(e).timeStamp().ret();
  }

  static long read() {
    return FunctionPointer.call(CODE.address(), 0, 0, 0);
  }

  /**
   * Both clocks at one moment.
   *
   * @param tsc in the middle between before and after the clock was read
   * @param nanos CLOCK_MONOTONIC
   * @param gap from before to after, in ticks: half of it is how wrong it can be
   */
  record Sample(long tsc, long nanos, long gap) {

    /** The best of many. */
    static Sample take() {
      Sample best = new Sample(0, 0, Long.MAX_VALUE);
      for (int i = 0; i < ATTEMPTS; i++) {
        long before = read();
        long nanos = Time.clockNanos(Time.CLOCK_MONOTONIC);
        long gap = read() - before;
        if (gap < best.gap) {
          best = new Sample(before + gap / 2, nanos, gap);
        }
      }
      return best;
    }
  }
}
