package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code <sys/mount.h>}: file systems by descriptor, mounted nowhere. What is below it is reached
 * as {@code /proc/self/fd/N/...} and nobody else sees it.
 */
public final class Mount {

  static final long NR_FSOPEN = 430;
  static final long NR_FSCONFIG = 431;
  static final long NR_FSMOUNT = 432;
  static final int FSOPEN_CLOEXEC = 1;
  static final int FSMOUNT_CLOEXEC = 1;
  static final int FSCONFIG_CMD_CREATE = 6;

  private static final MethodHandle SYSCALL =
      Native.bindErrno(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private Mount() {}

  /**
   * A file system without sources or options, such as tracefs (since Linux 5.2; needs
   * CAP_SYS_ADMIN).
   *
   * @return the file descriptor of its root, closed on exec
   */
  public static int detached(String type) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(type).address();
      int context = call("fsopen " + type, NR_FSOPEN, name, FSOPEN_CLOEXEC, 0, 0, 0);
      try {
        call("fsconfig " + type, NR_FSCONFIG, context, FSCONFIG_CMD_CREATE, 0, 0, 0);
        return call("fsmount " + type, NR_FSMOUNT, context, FSMOUNT_CLOEXEC, 0, 0, 0);
      } finally {
        Unistd.close(context);
      }
    }
  }

  private static int call(String what, long number, long a, long b, long c, long d, long e) {
    try {
      long result = (long) SYSCALL.invokeExact(Native.callState(), number, a, b, c, d, e);
      if (result < 0) {
        throw Native.failed(what);
      }
      return (int) result;
    } catch (LinuxException failure) {
      throw failure;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
