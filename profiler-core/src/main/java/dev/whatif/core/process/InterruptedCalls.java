package dev.whatif.core.process;

import dev.whatif.core.linux.UserRegisters;
import dev.whatif.core.linux.UserRegisters.Name;
import java.util.BitSet;

/**
 * How a call that a stop has interrupted goes on (arch/x86/kernel/signal.c,
 * arch_do_signal_or_restart; signal(7), "Interruption of system calls by stop signals").
 *
 * <p>Most blocking calls leave one of the kernel's private results in rax, which it replaces when
 * the thread goes on: by issuing the call again, or by EINTR when a signal handler runs first. Some
 * give EINTR outright, though no handler runs: these would tell the program of a signal that never
 * was. They are given the private result "again, unless there is a handler" (ERESTARTNOHAND), so
 * that the kernel decides as it does for the others, without a race against signals that come
 * meanwhile. They have done nothing yet (POSIX: EINTR means that no data were transferred); a
 * relative timeout begins anew. Never in the list: close, which has closed all the same; ioctl,
 * whose effects nobody knows.
 */
final class InterruptedCalls {

  private static final long EINTR = -4;
  private static final long ERESTARTSYS = -512;
  private static final long ERESTARTNOINTR = -513;
  private static final long ERESTARTNOHAND = -514;
  private static final long ERESTART_RESTARTBLOCK = -516;
  private static final long NR_RESTART_SYSCALL = 219;

  /** The instruction {@code syscall} (0f 05), as the two bytes before the return address. */
  static final long SYSCALL = 0x050f;

  static final int SYSCALL_BYTES = 2;

  /** By number (arch/x86/entry/syscalls/syscall_64.tbl). */
  private static final BitSet AGAIN =
      of(
          0, 1, 2, // read, write, open
          7, 17, 18, 19, 20, 23, // poll, pread64, pwrite64, readv, writev, select
          34, 35, // pause, nanosleep
          40, 42, 43, 44, 45, 46, 47, // sendfile, connect, accept, send*, recv*
          61, 65, 69, 70, 72, 73, // wait4, semop, msgsnd, msgrcv, fcntl, flock
          128, 130, // rt_sigtimedwait, rt_sigsuspend
          202, 208, 215, 220, // futex, io_getevents, epoll_wait_old, semtimedop
          230, 232, 242, 243, 247, // clock_nanosleep, epoll_wait, mq_timed*, waitid
          257, 270, 271, 275, 276, 278, // openat, pselect6, ppoll, splice, tee, vmsplice
          281, 285, 288, 295, 296,
          299, // epoll_pwait, fallocate, accept4, preadv, pwritev, recvmmsg
          307, 318, 326, 327, 328, 333, // sendmmsg, getrandom, copy_file_range, *v2, io_pgetevents
          426, 437, 441, 449,
          455); // io_uring_enter, openat2, epoll_pwait2, futex_waitv, futex_wait

  private InterruptedCalls() {}

  private static BitSet of(int... numbers) {
    BitSet set = new BitSet();
    for (int n : numbers) {
      set.set(n);
    }
    return set;
  }

  /** Whether it is about to tell the program EINTR though issuing the call again would be right. */
  static boolean isToRepair(UserRegisters r) {
    return r.rax() == EINTR
        && r.origRax() >= 0
        && r.origRax() < AGAIN.length()
        && AGAIN.get((int) r.origRax());
  }

  /** The registers with which the kernel issues the call again, unless a handler runs first. */
  static UserRegisters repaired(UserRegisters r) {
    return r.with(Name.RAX, ERESTARTNOHAND);
  }

  /** What a thread that is stopped with these has to do with the kernel; never INTERRUPTED. */
  static SyscallState state(UserRegisters r) {
    if (r.origRax() < 0) {
      return SyscallState.NOT_IN_SYSCALL;
    }
    long result = r.rax();
    if (result == ERESTARTSYS || result == ERESTARTNOINTR || result == ERESTARTNOHAND) {
      return SyscallState.RESTARTED_BY_KERNEL;
    }
    if (result == ERESTART_RESTARTBLOCK) {
      return SyscallState.RESTART_BLOCK;
    }
    return result == EINTR ? SyscallState.FAILED_INTERRUPTED : SyscallState.FINISHED;
  }

  /**
   * The registers with which a thread goes on by itself, without the kernel's help.
   *
   * <p>What is left of a sleep is kept by the kernel until the thread sleeps again or handles a
   * signal: restart_syscall takes it up, as the kernel itself would.
   */
  static UserRegisters resumption(UserRegisters r) {
    return switch (state(r)) {
      case RESTARTED_BY_KERNEL, INTERRUPTED -> again(r, r.origRax());
      case RESTART_BLOCK -> again(r, NR_RESTART_SYSCALL);
      case NOT_IN_SYSCALL, FINISHED, FAILED_INTERRUPTED -> r;
    };
  }

  private static UserRegisters again(UserRegisters r, long number) {
    return r.with(Name.RIP, r.rip() - SYSCALL_BYTES).with(Name.RAX, number).with(Name.ORIG_RAX, -1);
  }
}
