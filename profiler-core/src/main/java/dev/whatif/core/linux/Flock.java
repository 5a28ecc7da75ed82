package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <sys/file.h>}: locks that belong to an open file and end with it, however that comes. */
public final class Flock {

  public static final int LOCK_EX = 2;
  public static final int LOCK_NB = 4;

  private static final MethodHandle FLOCK =
      Native.bindErrno(
          "flock",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private Flock() {}

  /**
   * Takes the exclusive lock of an open file.
   *
   * @return false when another open file, of this process or another, has it
   */
  public static boolean tryExclusive(int fd) {
    try {
      if ((int) FLOCK.invokeExact(Native.callState(), fd, LOCK_EX | LOCK_NB) == 0) {
        return true;
      }
      if (Native.errno().equals(Errno.EAGAIN)) {
        return false;
      }
      throw Native.failed("flock");
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
