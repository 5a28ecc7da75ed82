package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <sys/pidfd.h>}: a process by a file descriptor that no other process can inherit. */
public final class Pidfd {

  static final long NR_PIDFD_OPEN = 434;
  static final long NR_PIDFD_GETFD = 438;
  private static final MethodHandle SYSCALL =
      Native.bindErrno(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private static final MethodHandle SYSCALL3 =
      Native.bindErrno(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private Pidfd() {}

  /** {@code PIDFD_THREAD} (include/uapi/linux/pidfd.h), since Linux 6.9. */
  static final long PIDFD_THREAD = 0x80;

  /** A descriptor that polls readable once the process has ended; closed on exec. */
  public static int open(int pid) {
    return open(pid, 0);
  }

  /** A descriptor of one thread, since Linux 6.9 (EINVAL before); closed on exec. */
  public static int openThread(int tid) {
    return open(tid, PIDFD_THREAD);
  }

  private static int open(int id, long flags) {
    try {
      long fd = (long) SYSCALL.invokeExact(Native.callState(), NR_PIDFD_OPEN, (long) id, flags);
      if (fd < 0) {
        throw Native.failed("pidfd_open");
      }
      return (int) fd;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * A descriptor of this process for the file that another has open as {@code targetFd}; closed on
   * exec. The caller must be allowed to trace it (pidfd_getfd(2), since Linux 5.6).
   */
  public static int getfd(int pidfd, int targetFd) {
    try {
      long fd =
          (long)
              SYSCALL3.invokeExact(
                  Native.callState(), NR_PIDFD_GETFD, (long) pidfd, (long) targetFd, 0L);
      if (fd < 0) {
        throw Native.failed("pidfd_getfd");
      }
      return (int) fd;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
