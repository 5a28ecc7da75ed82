package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code tgkill} of {@code <signal.h>}: a signal for one thread. */
public final class ThreadSignal {

  private static final MethodHandle TGKILL =
      Native.bindErrno(
          "tgkill",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));

  private ThreadSignal() {}

  /** Sends a signal to a thread of a process; false when there is no such thread (any more). */
  public static boolean send(int pid, int tid, int signal) {
    try {
      if ((int) TGKILL.invokeExact(Native.callState(), pid, tid, signal) == 0) {
        return true;
      }
      LinuxException failed = Native.failed("tgkill");
      if (failed.is(Errno.ESRCH)) {
        return false;
      }
      throw failed;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
