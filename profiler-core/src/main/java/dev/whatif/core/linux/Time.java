package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <time.h>}. */
public final class Time {

  public static final int CLOCK_REALTIME = 0;
  public static final int CLOCK_MONOTONIC = 1;
  public static final int CLOCK_PROCESS_CPUTIME_ID = 2;
  public static final int CLOCK_THREAD_CPUTIME_ID = 3;

  /** {@code struct timespec}. */
  public static final StructLayout TIMESPEC =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_LONG.withName("tv_sec"), ValueLayout.JAVA_LONG.withName("tv_nsec"));

  private static final MethodHandle CLOCK_GETTIME =
      Native.bindErrno(
          "clock_gettime",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  private static final ThreadLocal<MemorySegment> RESULT =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(TIMESPEC));

  private Time() {}

  /** A clock of Linux, in nanoseconds; does not allocate. */
  public static long clockNanos(int clock) {
    MemorySegment result = RESULT.get();
    try {
      if ((int) CLOCK_GETTIME.invokeExact(Native.callState(), clock, result) != 0) {
        throw Native.failed("clock_gettime");
      }
      return result.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
          + result.get(ValueLayout.JAVA_LONG, 8);
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
