package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Seccomp;
import dev.whatif.core.process.Requests;
import dev.whatif.core.process.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a stopped thread may make a system call: every call is asked about here before it is
 * injected, with exactly its arguments.
 */
final class CallGate {

  private static final int STRICT = 1;
  private static final int FILTERED = 2;

  /** More than the kernel's limit on all instructions together allows in practice. */
  private static final int MOST_FILTERS = 512;

  private final String who;
  private final List<SeccompFilter> filters;

  private CallGate(String who, List<SeccompFilter> filters) {
    this.who = who;
    this.filters = filters;
  }

  /**
   * The gate of a stopped thread; call from the tracer's thread.
   *
   * @throws UnavailableException when no call can be let through, or it cannot be known which
   */
  static CallGate of(int pid, int tid) {
    String who = "process " + pid;
    long mode = TaskStatus.of(pid, tid).map(s -> s.number("Seccomp")).orElse(0L);
    if (mode == STRICT) {
      throw new UnavailableException(
          who + " is in seccomp's strict mode: any call but read, write and exit would kill it",
          "profile it from outside (whatif record), or run it without seccomp");
    }
    boolean dispatched = Seccomp.hasUserDispatch(tid);
    Requests.passed();
    if (dispatched) {
      throw new UnavailableException(
          who + " handles its own system calls (PR_SET_SYSCALL_USER_DISPATCH, as Wine does)",
          "profile it from outside (whatif record)");
    }
    return new CallGate(who, mode == FILTERED ? filters(who, tid) : List.of());
  }

  private static List<SeccompFilter> filters(String who, int tid) {
    List<SeccompFilter> result = new ArrayList<>();
    try {
      while (result.size() < MOST_FILTERS) {
        Optional<byte[]> program = Seccomp.filter(tid, result.size());
        Requests.passed();
        if (program.isEmpty()) {
          return result;
        }
        result.add(new SeccompFilter(program.get()));
      }
    } catch (LinuxException e) {
      Requests.passed();
      if (e.is(Errno.ESRCH)) {
        throw e;
      }
      throw new UnavailableException(
          who + " is under a seccomp filter, which cannot be read: " + e.errno(),
          "run as root outside of any container, or run it without the filter",
          e);
    }
    throw new UnavailableException(who + " is under more than " + MOST_FILTERS + " filters");
  }

  /**
   * Asks about a call.
   *
   * @param instructionPointer what the filter sees: the address behind the {@code syscall}
   * @throws UnavailableException naming the call that would be refused
   */
  void require(RemoteCall call, long instructionPointer) {
    for (SeccompFilter filter : filters) {
      if (!filter.allows(call, instructionPointer)) {
        throw new UnavailableException(
            "%s is under a seccomp filter that does not allow %s".formatted(who, call.name()),
            "allow "
                + call.name()
                + " in its filter, or run it without (for systemd:"
                + " SystemCallFilter=, for Docker: --security-opt seccomp=unconfined)");
      }
    }
  }
}
