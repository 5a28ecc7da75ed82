package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.UserRegisters;
import dev.whatif.core.process.Stopped;
import dev.whatif.core.process.StoppedThread;
import dev.whatif.core.process.SyscallState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * System calls made by one thread of a stopped process, through a {@link RestoringStub} that lies
 * in its {@link Slack} as long as this is open. Closing puts everything back; a controller that is
 * killed before that leaves a thread that finds its own way.
 */
final class RemoteCalls implements AutoCloseable {

  private static final long EVERY_SIGNAL = -1L;

  /** The trap flag: a program that steps itself would step through our code. */
  private static final long TRAP_FLAG = 0x100;

  private static final int LARGEST_ERRNO = 4095;

  private final Stopped stopped;
  private final StoppedThread lead;
  private final Slack slack;
  private final CallGate gate;
  private final UserRegisters original;
  private final long mask;
  private final long[] instructionPointers;
  private boolean bytesWritten;
  private boolean entered;
  private boolean masked;

  private RemoteCalls(Stopped stopped, StoppedThread lead, Slack slack) {
    this.stopped = stopped;
    this.lead = lead;
    this.slack = slack;
    this.gate = CallGate.of(stopped.pid(), lead.tid());
    this.original = lead.registers();
    this.mask = lead.signalMask();
    this.instructionPointers =
        stopped.threads().stream().mapToLong(t -> t.registers().rip()).toArray();
  }

  /**
   * Chooses a thread and writes the stub.
   *
   * @param text what a call may point to, see {@link #textAddress}
   * @return empty when no thread can be used this moment; let them run and stop them again
   */
  static Optional<RemoteCalls> begin(Stopped stopped, Slack slack, String text) {
    if (stopped.threads().stream().anyMatch(t -> slack.isInStub(t.registers().rip()))) {
      return Optional.empty(); // left there by a controller that was killed: soon it is out
    }
    requireFree(stopped, slack);
    Optional<StoppedThread> lead = lead(stopped.threads());
    if (lead.isEmpty()) {
      return Optional.empty();
    }
    RemoteCalls calls = new RemoteCalls(stopped, lead.get(), slack);
    calls.gate.require(RemoteCall.restoreMask(calls.maskAddress()), calls.afterCall());
    byte[] stub = RestoringStub.bytes(lead.get().resumption(), calls.mask, text);
    calls.bytesWritten = true;
    stopped.write(slack.address(), stub);
    return Optional.of(calls);
  }

  /** The bytes must still be what was seen when the slack was found: nothing, or an old stub. */
  private static void requireFree(Stopped stopped, Slack slack) {
    byte[] now = new byte[RestoringStubLayout.BYTES];
    stopped.read(slack.address(), now);
    if (!RestoringStub.isStub(now) && !isZero(now)) {
      throw new UnavailableException(
          "the unused bytes behind %s in process %d (0x%x) are in use after all"
              .formatted(slack.object(), stopped.pid(), slack.address()),
          "end the tool that has patched it (another profiler or debugger)");
    }
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** The thread that loses least when the controller is killed: rather computing than waiting. */
  private static Optional<StoppedThread> lead(List<StoppedThread> threads) {
    return threads.stream()
        .filter(t -> (t.registers().get(UserRegisters.Name.EFLAGS) & TRAP_FLAG) == 0)
        .sorted(Comparator.comparing(t -> cost(t.syscall())))
        .filter(t -> !t.inRestartableSequence())
        .findFirst();
  }

  private static int cost(SyscallState state) {
    return switch (state) {
      case NOT_IN_SYSCALL -> 0;
      case FINISHED -> 1;
      case RESTARTED_BY_KERNEL -> 2;
      case RESTART_BLOCK -> 3;
      case INTERRUPTED -> 4;
      case FAILED_INTERRUPTED -> 5;
    };
  }

  /**
   * Whether a thread was stopped in this range. The thread that makes the calls counts with where
   * it was before.
   */
  boolean isAnyThreadIn(long address, long size) {
    for (long rip : instructionPointers) {
      if (Long.compareUnsigned(rip - address, size) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Where the text lies that was given. */
  long textAddress() {
    return slack.address() + RestoringStubLayout.NAME_OFFSET;
  }

  private long maskAddress() {
    return slack.address() + RestoringStubLayout.MASK_OFFSET;
  }

  private long afterCall() {
    return slack.address() + RestoringStubLayout.AFTER_CALL_OFFSET;
  }

  /** Refuses, before anything has been done, a call that the target's filter would not allow. */
  void require(RemoteCall call) {
    gate.require(call, afterCall());
  }

  /**
   * Makes a call.
   *
   * @return its result, or a negative errno
   */
  long call(RemoteCall call) {
    require(call);
    UserRegisters at =
        original.forSyscall(
            slack.address() + RestoringStubLayout.ENTRY_OFFSET, call.number(), call.arguments());
    if (!masked) {
      // Registers first: killed in between, the thread is in the stub with its own mask.
      entered = true;
      lead.setRegisters(at);
      masked = true;
      lead.setSignalMask(EVERY_SIGNAL);
    }
    UserRegisters after = lead.runSyscall(at);
    if (after.rip() != afterCall()) {
      throw new TargetLostException(
          "thread %d of process %d was moved to 0x%x while it was in our hands"
              .formatted(lead.tid(), stopped.pid(), after.rip()));
    }
    return after.rax();
  }

  /**
   * Makes a call that must succeed.
   *
   * @throws RemoteCallException when it does not
   */
  long must(RemoteCall call) {
    long result = call(call);
    if (isError(result)) {
      throw new RemoteCallException(call, new Errno((int) -result));
    }
    return result;
  }

  static boolean isError(long result) {
    return result < 0 && result >= -LARGEST_ERRNO;
  }

  /** Puts back mask, registers and bytes, in this order. */
  @Override
  public void close() {
    try {
      if (masked) {
        lead.setSignalMask(mask);
      }
      if (entered) {
        lead.setRegisters(original);
      }
      if (bytesWritten) {
        stopped.write(slack.address(), new byte[RestoringStubLayout.BYTES]);
      }
    } catch (TargetLostException e) {
      // killed while it was stopped: there is nothing left to put back
    }
  }
}
