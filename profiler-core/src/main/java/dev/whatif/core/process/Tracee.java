package dev.whatif.core.process;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Ptrace;
import dev.whatif.core.linux.ThreadSignal;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.linux.UserRegisters;
import dev.whatif.core.linux.WaitId;
import dev.whatif.core.linux.WaitId.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread of the target between SEIZE and DETACH, as a state machine over what the kernel
 * reports (ptrace(2), "Stopped states"). Confined to the tracer's thread.
 */
final class Tracee {

  /** Reports that another waiter of this JVM has taken are looked for by hand after so long. */
  private static final long STOLEN_NANOS = 3_000_000;

  private static final int SIGTRAP = 5;
  private static final int SYSCALL_TRAP = SIGTRAP | 0x80;

  /** Where it is. */
  enum State {
    RUNNING,
    /** In the stop that INTERRUPT or a group stop causes. */
    STOPPED,
    /** In a stop before or after a system call. */
    AT_SYSCALL,
    GONE
  }

  private final int pid;
  private final int tid;
  private final List<Integer> heldSignals = new ArrayList<>();
  private State state = State.RUNNING;
  private boolean dangling;
  private @Nullable UserRegisters atStop;
  private SyscallState syscall = SyscallState.NOT_IN_SYSCALL;
  private long runningSince = System.nanoTime();

  private Tracee(int pid, int tid) {
    this.pid = pid;
    this.tid = tid;
  }

  /**
   * Seizes a thread and asks it to stop.
   *
   * @throws LinuxException EPERM when it may not be traced, or is ending; ESRCH when it has ended
   */
  static Tracee interrupt(int pid, int tid) {
    Ptrace.seize(tid, Ptrace.O_TRACESYSGOOD);
    Requests.passed();
    Tracee tracee = new Tracee(pid, tid);
    try {
      Ptrace.interrupt(tid);
      Requests.passed();
    } catch (LinuxException e) {
      tracee.ended(); // ESRCH: it has ended between the two
    }
    return tracee;
  }

  /**
   * The same for a thread that is ours already: one that was seized by another number, and has got
   * its leader's by exec. Empty when it is not ours.
   */
  static Optional<Tracee> adopt(int pid, int tid) {
    try {
      Ptrace.interrupt(tid); // ESRCH for everybody but its tracer
      Requests.passed();
      return Optional.of(new Tracee(pid, tid));
    } catch (LinuxException e) {
      Requests.passed();
      return Optional.empty();
    }
  }

  int tid() {
    return tid;
  }

  State state() {
    return state;
  }

  boolean isStopped() {
    return state == State.STOPPED || state == State.AT_SYSCALL;
  }

  /**
   * Takes note of what has happened to a running one. A signal on its way to the program is passed
   * on, and the thread runs to its next stop.
   */
  void look() {
    if (state != State.RUNNING) {
      return;
    }
    Report report = WaitId.peek(tid);
    if (report.state() == WaitId.State.RUNNING && System.nanoTime() - runningSince > STOLEN_NANOS) {
      report = byHand();
    }
    switch (report.state()) {
      case RUNNING -> {}
      case ENDED, UNKNOWN -> ended();
      case STOPPED -> stopped(report);
    }
  }

  private void stopped(Report report) {
    if (report.event() == Ptrace.EVENT_STOP) {
      state = State.STOPPED;
      try {
        takeRegisters();
      } catch (TargetLostException e) {
        // killed while it was stopped: it is gone
      }
    } else if (report.atSyscall()) {
      state = State.AT_SYSCALL;
    } else {
      passOn(report.signal());
    }
  }

  /**
   * Lets a signal through, and the thread run to its next stop. It may be one that the program
   * ignores and that the kernel shows to tracers only: it has thrown the thread out of its call all
   * the same, and the call has to be issued again. When a handler runs, the kernel makes EINTR of
   * it.
   */
  private void passOn(int signal) {
    state = State.STOPPED;
    try {
      takeRegisters();
      go(() -> Ptrace.cont(tid, signal));
    } catch (TargetLostException e) {
      // killed while it was stopped: it is gone
    }
  }

  /**
   * The first thing done to it: from here on it goes on rightly even when this JVM is killed.
   *
   * <p>Only what a {@code syscall} instruction has called: {@code int 0x80} numbers calls
   * differently.
   */
  private void takeRegisters() {
    UserRegisters found = ask(() -> Ptrace.getRegisters(tid));
    if (InterruptedCalls.isToRepair(found)
        && (ask(() -> Ptrace.peekText(tid, found.rip() - InterruptedCalls.SYSCALL_BYTES)) & 0xffff)
            == InterruptedCalls.SYSCALL) {
      UserRegisters again = InterruptedCalls.repaired(found);
      ask(() -> {
        Ptrace.setRegisters(tid, again);
        return 0;
      });
      atStop = again;
      syscall = SyscallState.INTERRUPTED;
    } else {
      syscall = InterruptedCalls.state(found);
      atStop = found;
    }
  }

  /** What it was doing in the kernel when it was stopped. */
  SyscallState syscall() {
    return syscall;
  }

  /** The registers with which it goes on when nothing is done to it. */
  UserRegisters atStop() {
    UserRegisters r = atStop;
    if (r == null) {
      throw lost();
    }
    return r;
  }

  /**
   * The stop by PTRACE_GETSIGINFO, which fails for a running thread: somebody else in this JVM who
   * waits for the process (it may be our child) takes the report away from waitid.
   */
  private Report byHand() {
    runningSince = System.nanoTime();
    try {
      Ptrace.SignalInfo info = Ptrace.signalInfo(tid);
      Requests.passed();
      boolean event = info.code() >> 8 == Ptrace.EVENT_STOP;
      boolean call = info.code() == SYSCALL_TRAP;
      return new Report(WaitId.State.STOPPED, event || call ? info.code() : info.signal());
    } catch (LinuxException e) {
      // waitid says nothing of a leader that has ended before its threads (delay_group_leader)
      boolean alive = ProcStat.of(tid).filter(ProcStat::alive).isPresent();
      return new Report(alive ? WaitId.State.RUNNING : WaitId.State.ENDED, 0);
    }
  }

  /**
   * Lets it run to the next entry into or exit from a system call. Signals that come meanwhile,
   * which can only be those that nobody can block, are held back until {@link #release}.
   *
   * @throws TargetLostException when it ends
   */
  void toSyscallStop(Patience patience) {
    ask(() -> {
      Ptrace.syscall(tid, 0);
      return 0;
    });
    state = State.RUNNING;
    runningSince = System.nanoTime();
    while (state != State.AT_SYSCALL) {
      Report report = WaitId.peek(tid);
      if (report.state() == WaitId.State.RUNNING
          && System.nanoTime() - runningSince > STOLEN_NANOS) {
        report = byHand();
      }
      switch (report.state()) {
        case RUNNING -> patience.wait("thread " + tid + " of process " + pid);
        case ENDED, UNKNOWN -> {
          ended();
          throw lost();
        }
        case STOPPED -> {
          if (report.atSyscall()) {
            state = State.AT_SYSCALL;
          } else {
            if (report.event() == 0) {
              heldSignals.add(report.signal());
            }
            go(() -> Ptrace.syscall(tid, 0));
          }
        }
      }
    }
  }

  /** Makes a request on a stopped one. */
  <T> T ask(Supplier<T> request) {
    if (!isStopped()) {
      throw lost();
    }
    try {
      return request.get();
    } catch (LinuxException e) {
      if (e.is(Errno.ESRCH)) {
        ended();
        throw lost();
      }
      throw e;
    } finally {
      Requests.passed();
    }
  }

  /** Lets a stopped one go for good; a signal that was held back is delivered now. */
  void release() {
    if (isStopped()) {
      try {
        Ptrace.detach(tid, 0);
      } catch (LinuxException e) {
        ended();
      }
      Requests.passed();
      state = State.GONE;
      heldSignals.forEach(signal -> ThreadSignal.send(pid, tid, signal));
    }
  }

  private void go(Runnable request) {
    try {
      request.run();
      state = State.RUNNING;
      runningSince = System.nanoTime();
    } catch (LinuxException e) {
      ended();
    }
    Requests.passed();
  }

  /**
   * It has ended. Only the tracer's report of a thread is ours to take: the process itself is its
   * parent's to reap, which may be this JVM.
   */
  private void ended() {
    if (state != State.GONE) {
      state = State.GONE;
      dangling = (tid != pid || !isOurChild()) && !WaitId.reap(tid);
    }
  }

  /**
   * Whether the kernel still takes it for ours, though nothing can be asked of it: it does not
   * stop, or it is ending, or it is a leader that waits for its threads to end. Its parent would
   * not hear of its end; it is freed by the end of the tracer's thread.
   */
  boolean isDangling() {
    return state == State.RUNNING || dangling;
  }

  private boolean isOurChild() {
    return ProcStat.of(pid).filter(s -> s.parent() == Unistd.getpid()).isPresent();
  }

  private TargetLostException lost() {
    return new TargetLostException(
        "thread %d of process %d has ended while it was being changed".formatted(tid, pid));
  }
}
