package dev.whatif.core.process;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Ptrace;
import dev.whatif.core.linux.UserRegisters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A thread of a {@link Stopped} process, valid as long as that is.
 *
 * <p>Every setter takes effect at once: when whatif is killed a moment later, the thread goes on
 * with what was set last.
 */
public final class StoppedThread {

  /** A call of ours that takes longer is given up; the thread stays in it. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(2);

  private static final int RSEQ_CS = 8;
  private static final int START_IP = 8;
  private static final int POST_COMMIT_OFFSET = 16;
  private static final int RSEQ_CS_BYTES = 32;

  private final Stopped process;
  private final Tracee tracee;
  private final UserRegisters first;
  private UserRegisters registers;

  StoppedThread(Stopped process, Tracee tracee) {
    this.process = process;
    this.tracee = tracee;
    this.first = tracee.atStop();
    this.registers = first;
  }

  Tracee tracee() {
    return tracee;
  }

  /** The kernel's number of the thread. */
  public int tid() {
    return tracee.tid();
  }

  /**
   * The general registers as the thread would go on with them, or as they were set last. An
   * interrupted call shows as the kernel left it, with a private result in rax that the kernel
   * replaces when the thread goes on from this stop.
   */
  public UserRegisters registers() {
    return registers;
  }

  /**
   * Sets the general registers. Once the thread has run ({@link #runSyscall}), registers of an
   * interrupted call are set as {@link #resumption} would give them: the kernel no longer knows
   * that there was a call.
   */
  public void setRegisters(UserRegisters registers) {
    UserRegisters set =
        tracee.state() == Tracee.State.AT_SYSCALL
            ? InterruptedCalls.resumption(registers)
            : registers;
    tracee.ask(() -> {
      Ptrace.setRegisters(tracee.tid(), set);
      return 0;
    });
    this.registers = set;
  }

  /** The vector and floating-point state as XSAVE lays it out. */
  public byte[] extendedState() {
    return tracee.ask(() -> Ptrace.getExtendedState(tracee.tid()));
  }

  /** Sets what {@link #extendedState} gave. */
  public void setExtendedState(byte[] bytes) {
    tracee.ask(() -> {
      Ptrace.setExtendedState(tracee.tid(), bytes);
      return 0;
    });
  }

  /**
   * The blocked signals, signal n as bit n-1; in a call with a mask of its own (epoll_pwait) those
   * to which the call will return.
   */
  public long signalMask() {
    return tracee.ask(() -> Ptrace.getSignalMask(tracee.tid()));
  }

  /** Sets the blocked signals. */
  public void setSignalMask(long mask) {
    tracee.ask(() -> {
      Ptrace.setSignalMask(tracee.tid(), mask);
      return 0;
    });
  }

  /** What it was doing in the kernel when it was stopped. */
  public SyscallState syscall() {
    return tracee.syscall();
  }

  /**
   * The registers with which the thread goes on when it must return by itself, without the kernel's
   * restart logic: before the {@code syscall} instruction with the call's number in rax when a call
   * was interrupted, else as it was stopped.
   */
  public UserRegisters resumption() {
    return InterruptedCalls.resumption(first);
  }

  /**
   * Lets the thread execute one system call, stopped right behind it.
   *
   * <p>By the kernel's stops at entry and exit, not by single steps: a step ends in a forced
   * SIGTRAP, which resets the target's own action for SIGTRAP when that is blocked or ignored. All
   * signals should be blocked ({@link #setSignalMask}); SIGSTOP, which cannot be, is held back
   * until the thread is let go. A call that the kernel must not restart is needed: the thread never
   * passes a signal's delivery here.
   *
   * @param at from {@link UserRegisters#forSyscall}: rip at a {@code syscall} instruction
   * @return the registers behind it: the result or a negative errno in rax, rcx and r11 clobbered
   * @throws UnavailableException when it does not come back within 2 s
   * @throws dev.whatif.core.failure.TargetLostException when the thread ends meanwhile
   */
  public UserRegisters runSyscall(UserRegisters at) {
    setRegisters(at);
    Patience patience = new Patience(LONGEST_CALL);
    tracee.toSyscallStop(patience);
    tracee.toSyscallStop(patience);
    registers = tracee.ask(() -> Ptrace.getRegisters(tracee.tid()));
    return registers;
  }

  /**
   * Whether it was stopped within a restartable sequence, whose instructions the kernel would abort
   * when the thread went elsewhere ({@code <linux/rseq.h>}).
   */
  public boolean inRestartableSequence() {
    Ptrace.RseqConfiguration configuration;
    try {
      configuration = tracee.ask(() -> Ptrace.rseqConfiguration(tracee.tid()));
    } catch (LinuxException e) {
      return false; // a kernel before 5.13 or without rseq cannot tell
    }
    if (configuration.address() == 0) {
      return false;
    }
    long section = littleEndian(configuration.address() + RSEQ_CS, Long.BYTES).getLong();
    if (section == 0) {
      return false;
    }
    ByteBuffer cs = littleEndian(section, RSEQ_CS_BYTES);
    long into = first.rip() - cs.getLong(START_IP);
    return Long.compareUnsigned(into, cs.getLong(POST_COMMIT_OFFSET)) < 0;
  }

  private ByteBuffer littleEndian(long address, int bytes) {
    byte[] memory = new byte[bytes];
    process.read(address, memory);
    return ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
  }
}
