package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.linux.RawMemory;
import dev.whatif.core.linux.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes the clock of a process's parameters: CLOCK_MONOTONIC as a function of the time stamp
 * counter, which all CPUs have in common ({@code constant_tsc}, {@code nonstop_tsc}).
 *
 * <p><b>How wrong it is.</b> At first the rate is taken from 20 ms; both ends of it are known to
 * half of what it takes to read the clock (50 to 100 ns), so that the rate can be wrong by 10 parts
 * per million: 10 microseconds in a second. A {@link #refresh} takes the rate from all the time
 * since the beginning (or since 16 to 32 seconds ago), and lets the line catch up with what it has
 * missed within a second: refreshed once a second, it is wrong by less than a microsecond. When the
 * kernel adjusts its clock (NTP: at most 500 parts per million), that comes to it.
 *
 * <p>Time never goes back: a new line begins where the old one is. Thread-safe.
 */
public final class ProcessClock {

  /** CLOCK_BOOTTIME (include/uapi/linux/time.h): does not stop while the machine sleeps. */
  private static final int CLOCK_BOOTTIME = 7;

  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final double CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A line is at most this much too slow or too fast while it catches up. */
  private static final double STEEPEST = 0.5;

  private static final long LONGEST_BASELINE_NANOS = TimeUnit.SECONDS.toNanos(16);

  private final long parameters;
  private TimeStampCounter.Sample start;
  private TimeStampCounter.Sample nextStart;
  private ClockLine line;

  /**
   * Starts the clock; takes 20 ms.
   *
   * @param parameters address in this process of {@link ParametersLayout#BYTES} that outlive this
   */
  public ProcessClock(long parameters) {
    this.parameters = parameters;
    TimeStampCounter.Sample.take(); // so that the code is warm
    start = TimeStampCounter.Sample.take();
    long end = start.nanos() + FIRST_NANOS;
    for (long left = FIRST_NANOS; left > 0; left = end - Time.clockNanos(Time.CLOCK_MONOTONIC)) {
      LockSupport.parkNanos(left);
    }
    nextStart = TimeStampCounter.Sample.take();
    line = ClockLine.of(nextStart.tsc(), nextStart.nanos(), rate(nextStart));
    publish();
  }

  /** Brings it closer to the kernel's; to be called about once a second. */
  public synchronized void refresh() {
    TimeStampCounter.Sample now = TimeStampCounter.Sample.take();
    long tsc = TimeStampCounter.read();
    double rate = rate(now);
    long missed = now.nanos() - line.nanosAt(now.tsc());
    double correction = Math.max(-STEEPEST, Math.min(STEEPEST, missed / CATCH_UP_NANOS));
    line = ClockLine.of(tsc, line.nanosAt(tsc), rate * (1 + correction));
    publish();
    if (now.nanos() - nextStart.nanos() > LONGEST_BASELINE_NANOS) {
      start = nextStart;
      nextStart = now;
    }
  }

  private double rate(TimeStampCounter.Sample now) {
    return (double) (now.nanos() - start.nanos()) / (now.tsc() - start.tsc());
  }

  private void publish() {
    long boot = Time.clockNanos(CLOCK_BOOTTIME) - Time.clockNanos(Time.CLOCK_MONOTONIC);
    int version = RawMemory.getInt(parameters + ParametersLayout.CLOCK_VERSION_OFFSET) + 1;
    line.write(parameters + ParametersLayout.line(version & 1));
    RawMemory.putLongRelease(parameters + ParametersLayout.BOOT_OFFSET, boot);
    RawMemory.putIntRelease(parameters + ParametersLayout.CLOCK_VERSION_OFFSET, version);
  }
}
