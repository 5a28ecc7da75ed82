package dev.whatif.ebpf.attach;

/**
 * The numbers that a system call made inside the target needs (arch/x86/entry/syscalls, {@code
 * include/uapi}): the target makes the call by itself, so no C library is in between.
 */
final class SystemCalls {

  static final int CLOSE = 3;
  static final int MMAP = 9;
  static final int MUNMAP = 11;
  static final int RT_SIGACTION = 13;
  static final int RT_SIGPROCMASK = 14;
  static final int RT_SIGRETURN = 15;
  static final int RECVMSG = 47;
  static final int SOCKETPAIR = 53;
  static final int RESTART_SYSCALL = 219;
  static final int CLOCK_NANOSLEEP = 230;
  static final int MEMFD_CREATE = 319;

  static final int SIG_SETMASK = 2;

  /** The kernel's sigset_t holds 64 signals; the C library's is larger. */
  static final int KERNEL_SIGSET_BYTES = 8;

  static final long MAP_SHARED = 0x01;

  /** Fails with EEXIST where something is mapped already (Linux 4.17). */
  static final long MAP_FIXED_NOREPLACE = 0x10_0000;

  static final int CLOCK_MONOTONIC = 1;
  static final int TIMER_ABSTIME = 1;

  static final int EINTR = 4;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int EEXIST = 17;
  static final int EMFILE = 24;

  /** What a call interrupted in the middle returns inside the kernel (include/linux/errno.h). */
  static final long ERESTART_RESTARTBLOCK = 516;

  private SystemCalls() {}
}
