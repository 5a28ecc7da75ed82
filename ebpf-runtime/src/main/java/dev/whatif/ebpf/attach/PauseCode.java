package dev.whatif.ebpf.attach;

import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Register;

/**
 * A handler that sleeps to a deadline and counts: the simplest way to withhold a thread from its
 * work.
 *
 * <pre>
 *   0             8               16            24              32
 *  +-------------+---------------+-------------+---------------+
 *  | begun (u64) | done (u64)    | deadline: seconds, nanos    |   of CLOCK_MONOTONIC
 *  +-------------+---------------+-------------+---------------+
 * </pre>
 *
 * <p>A deadline in the past costs one system call. The counters are exact: they are incremented
 * atomically by every thread.
 */
public final class PauseCode implements SignalHandlerCode {

  public static final int BEGUN_OFFSET = 0;
  public static final int DONE_OFFSET = BEGUN_OFFSET + Long.BYTES;
  public static final int SECONDS_OFFSET = DONE_OFFSET + Long.BYTES;
  public static final int NANOS_OFFSET = SECONDS_OFFSET + Long.BYTES;
  public static final int BYTES = NANOS_OFFSET + Long.BYTES;

  /** It holds nothing: the data are given to {@link #emit}. */
  public PauseCode() {}

  @Override
  public long dataBytes() {
    return BYTES;
  }

  @Override
  public void emit(Emitter code, long data) {
    Label again = new Label();
    code.atomicIncrement(data + BEGUN_OFFSET);
    code.bind(again);
    code.move(Register.RAX, SystemCalls.CLOCK_NANOSLEEP);
    code.move(Register.RDI, SystemCalls.CLOCK_MONOTONIC);
    code.move(Register.RSI, SystemCalls.TIMER_ABSTIME);
    code.loadAddress(Register.RDX, data + SECONDS_OFFSET);
    code.move(Register.R10, 0);
    code.syscall();
    // Every signal is blocked; only a stop by a tracer could end it early.
    code.compare(Register.RAX, -SystemCalls.EINTR).jumpIf(Condition.EQUAL, again);
    code.atomicIncrement(data + DONE_OFFSET);
    code.ret();
  }
}
