package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code <linux/perf_event.h>}: the system call, its ioctls and the constants of records. The
 * structs are {@link PerfEventAttr} and {@link PerfMmapPage}.
 */
public final class PerfEvent {

  public static final int PERF_TYPE_SOFTWARE = 1;
  public static final int PERF_TYPE_TRACEPOINT = 2;
  public static final long PERF_COUNT_SW_CPU_CLOCK = 0;
  public static final long PERF_COUNT_SW_TASK_CLOCK = 1;
  public static final long PERF_COUNT_SW_DUMMY = 9;
  public static final long PERF_COUNT_SW_BPF_OUTPUT = 10;

  public static final long PERF_SAMPLE_IP = 1;
  public static final long PERF_SAMPLE_TID = 1 << 1;
  public static final long PERF_SAMPLE_TIME = 1 << 2;
  public static final long PERF_SAMPLE_CALLCHAIN = 1 << 5;
  public static final long PERF_SAMPLE_RAW = 1 << 10;
  public static final long PERF_SAMPLE_REGS_USER = 1 << 12;
  public static final long PERF_SAMPLE_STACK_USER = 1 << 13;

  public static final long PERF_FORMAT_TOTAL_TIME_ENABLED = 1;
  public static final long PERF_FORMAT_TOTAL_TIME_RUNNING = 1 << 1;
  public static final long PERF_FORMAT_LOST = 1 << 4;

  public static final int PERF_RECORD_LOST = 2;
  public static final int PERF_RECORD_COMM = 3;
  public static final int PERF_RECORD_EXIT = 4;
  public static final int PERF_RECORD_THROTTLE = 5;
  public static final int PERF_RECORD_UNTHROTTLE = 6;
  public static final int PERF_RECORD_FORK = 7;
  public static final int PERF_RECORD_SAMPLE = 9;
  public static final int PERF_RECORD_MMAP2 = 10;
  public static final int PERF_RECORD_LOST_SAMPLES = 13;

  public static final int PERF_RECORD_MISC_CPUMODE_MASK = 7;
  public static final int PERF_RECORD_MISC_KERNEL = 1;
  public static final int PERF_RECORD_MISC_USER = 2;
  public static final int PERF_RECORD_MISC_COMM_EXEC = 1 << 13;
  public static final int PERF_RECORD_MISC_MMAP_BUILD_ID = 1 << 14;

  public static final long PERF_CONTEXT_KERNEL = -128;
  public static final long PERF_CONTEXT_USER = -512;

  /** Entries of a call chain from here on (unsigned) are markers, not addresses. */
  public static final long PERF_CONTEXT_MAX = -4095;

  public static final long PERF_FLAG_FD_CLOEXEC = 8;

  static final long IOC_PERIOD = 0x40082404;
  static final long IOC_ENABLE = 0x2400;
  static final long IOC_DISABLE = 0x2401;
  static final long IOC_SET_OUTPUT = 0x2405;
  static final long IOC_SET_BPF = 0x40042408;
  static final long NR_PERF_EVENT_OPEN = 298;

  private static final MethodHandle SYSCALL =
      Native.bindErrno(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle IOCTL =
      Native.bindErrno(
          "ioctl",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(2));

  private PerfEvent() {}

  /**
   * Opens an event on one thread and one CPU; it is closed on exec.
   *
   * @param tid a thread; 0 is the calling one
   * @param cpu -1 is every CPU
   * @return the file descriptor
   */
  public static int open(PerfEventAttr attr, int tid, int cpu) {
    try {
      long fd =
          (long)
              SYSCALL.invokeExact(
                  Native.callState(),
                  NR_PERF_EVENT_OPEN,
                  attr.segment(),
                  (long) tid,
                  (long) cpu,
                  -1L,
                  PERF_FLAG_FD_CLOEXEC);
      if (fd < 0) {
        throw Native.failed("perf_event_open");
      }
      return (int) fd;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Starts an event and those inherited from it. */
  public static void enable(int fd) {
    ioctl("PERF_EVENT_IOC_ENABLE", fd, IOC_ENABLE, 0);
  }

  /** Stops an event and those inherited from it. */
  public static void disable(int fd) {
    ioctl("PERF_EVENT_IOC_DISABLE", fd, IOC_DISABLE, 0);
  }

  /** Sets the period of an event, which begins anew this moment. */
  public static void setPeriod(int fd, long period) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment word = arena.allocateFrom(ValueLayout.JAVA_LONG, period);
      ioctl("PERF_EVENT_IOC_PERIOD", fd, IOC_PERIOD, word.address());
    }
  }

  /** Makes an event write to the ring of another on the same CPU. */
  public static void setOutput(int fd, int ringOwner) {
    ioctl("PERF_EVENT_IOC_SET_OUTPUT", fd, IOC_SET_OUTPUT, ringOwner);
  }

  /** Runs a BPF program at every occurrence of an event, until the event is closed. */
  public static void setBpf(int fd, int programFd) {
    ioctl("PERF_EVENT_IOC_SET_BPF", fd, IOC_SET_BPF, programFd);
  }

  private static void ioctl(String name, int fd, long request, long argument) {
    try {
      if ((int) IOCTL.invokeExact(Native.callState(), fd, request, argument) != 0) {
        throw Native.failed(name);
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * What an event has counted, with everything it has handed down to threads and children.
   *
   * @param value of the counter: nanoseconds for the task clock
   * @param lost records that did not fit into the ring; -1 on kernels before 6.0
   */
  public record Count(long value, long lost) {}

  /**
   * Reads an event that was opened with read format {@link #PERF_FORMAT_LOST} (or 0).
   *
   * @param withLost whether it was
   */
  public static Count read(int fd, boolean withLost) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(ValueLayout.JAVA_LONG, withLost ? 2 : 1);
      Unistd.read(fd, values);
      return new Count(
          values.get(ValueLayout.JAVA_LONG, 0),
          withLost ? values.get(ValueLayout.JAVA_LONG, 8) : -1);
    }
  }
}
