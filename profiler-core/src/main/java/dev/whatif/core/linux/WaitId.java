package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code waitid} of {@code <sys/wait.h>}, for tracers: it looks at the state of one thread without
 * taking the report away from who else waits for that process.
 */
public final class WaitId {

  static final int WNOHANG = 1;
  static final int WSTOPPED = 2;
  static final int WEXITED = 4;
  static final int WNOWAIT = 0x0100_0000;
  static final int ALL = 0x4000_0000;
  static final int P_PID = 1;
  static final int CLD_TRAPPED = 4;
  static final int CLD_STOPPED = 5;
  static final long SI_CODE = 8;
  static final long SI_PID = 16;
  static final long SI_STATUS = 24;

  private static final MethodHandle WAITID =
      Native.bindErrno(
          "waitid",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));

  private static final ThreadLocal<MemorySegment> INFO =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Ptrace.SIGINFO_BYTES, 16));

  private WaitId() {}

  /** What a thread is doing, as far as waiting can tell. */
  public enum State {
    /** Neither stopped nor ended, or another waiter has taken the report. */
    RUNNING,
    STOPPED,
    /** Ended and not reaped. */
    ENDED,
    /** No child or tracee of ours (any more). */
    UNKNOWN
  }

  /**
   * The answer.
   *
   * @param code of a stop: the signal in the low 8 bits (0x80 marks a system call), the ptrace
   *     event above
   */
  public record Report(State state, int code) {

    /** The signal of a stop, without the mark of a system call. */
    public int signal() {
      return code & 0x7f;
    }

    /** The ptrace event of a stop; 0 for none. */
    public int event() {
      return code >> 8;
    }

    /** Whether it is the stop at the entry or exit of a system call. */
    public boolean atSyscall() {
      return state == State.STOPPED && (code & 0xff80) == 0x80;
    }
  }

  private static final Report RUNNING = new Report(State.RUNNING, 0);
  private static final Report ENDED = new Report(State.ENDED, 0);
  private static final Report UNKNOWN = new Report(State.UNKNOWN, 0);

  /** Looks at a thread; returns at once and consumes nothing. */
  public static Report peek(int tid) {
    MemorySegment info = INFO.get();
    info.set(ValueLayout.JAVA_INT, SI_PID, 0);
    int options = WNOHANG | WSTOPPED | WEXITED | WNOWAIT | ALL;
    try {
      if ((int) WAITID.invokeExact(Native.callState(), P_PID, tid, info, options) != 0) {
        return UNKNOWN; // ECHILD; WNOHANG cannot be interrupted
      }
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
    if (info.get(ValueLayout.JAVA_INT, SI_PID) == 0) {
      return RUNNING;
    }
    int code = info.get(ValueLayout.JAVA_INT, SI_CODE);
    return code == CLD_TRAPPED || code == CLD_STOPPED
        ? new Report(State.STOPPED, info.get(ValueLayout.JAVA_INT, SI_STATUS))
        : ENDED;
  }

  /**
   * Takes the report of an ended thread, so that the kernel can forget it.
   *
   * @return whether it is no child or tracee of ours any more; false when it has not quite ended
   */
  public static boolean reap(int tid) {
    MemorySegment info = INFO.get();
    info.set(ValueLayout.JAVA_INT, SI_PID, 0);
    int options = WNOHANG | WEXITED | ALL;
    try {
      boolean none = (int) WAITID.invokeExact(Native.callState(), P_PID, tid, info, options) != 0;
      return none || info.get(ValueLayout.JAVA_INT, SI_PID) != 0;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
