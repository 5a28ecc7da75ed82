package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <signal.h>}. */
public final class Signal {

  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;

  /** {@code sizeof(sigset_t)} of glibc. */
  public static final long SIGSET_BYTES = 128;

  private static final MethodHandle KILL =
      Native.bindErrno(
          "kill",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private Signal() {}

  /**
   * Sends a signal.
   *
   * @param pid a process, or the negative number of a process group
   * @param signal 0 only asks whether it could be sent
   */
  public static void kill(int pid, int signal) {
    try {
      if ((int) KILL.invokeExact(Native.callState(), pid, signal) != 0) {
        throw Native.failed("kill");
      }
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
