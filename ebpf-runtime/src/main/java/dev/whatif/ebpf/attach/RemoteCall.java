package dev.whatif.ebpf.attach;

/**
 * A system call to be made by a thread of the target.
 *
 * @param name as in its manual page, for messages
 * @param number on x86-64
 * @param arguments at most six; addresses are the target's
 */
public record RemoteCall(String name, int number, long... arguments) {

  static RemoteCall memfdCreate(long name, int flags) {
    return new RemoteCall("memfd_create", SystemCalls.MEMFD_CREATE, name, flags);
  }

  static RemoteCall mapShared(long address, long size, int protection, int fd, long offset) {
    return new RemoteCall(
        "mmap",
        SystemCalls.MMAP,
        address,
        size,
        protection,
        SystemCalls.MAP_SHARED | SystemCalls.MAP_FIXED_NOREPLACE,
        fd,
        offset);
  }

  static RemoteCall unmap(long address, long size) {
    return new RemoteCall("munmap", SystemCalls.MUNMAP, address, size);
  }

  static RemoteCall close(int fd) {
    return new RemoteCall("close", SystemCalls.CLOSE, fd);
  }

  /** Sets (0: leaves) the action of a signal and reads the one before (0: does not). */
  static RemoteCall signalAction(int signal, long newAction, long oldAction) {
    return new RemoteCall(
        "rt_sigaction",
        SystemCalls.RT_SIGACTION,
        signal,
        newAction,
        oldAction,
        SystemCalls.KERNEL_SIGSET_BYTES);
  }

  /** The call that a stub makes when nobody restores the thread. */
  static RemoteCall restoreMask(long mask) {
    return new RemoteCall(
        "rt_sigprocmask",
        SystemCalls.RT_SIGPROCMASK,
        SystemCalls.SIG_SETMASK,
        mask,
        0,
        SystemCalls.KERNEL_SIGSET_BYTES);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append('(');
    for (int i = 0; i < arguments.length; i++) {
      text.append(i == 0 ? "" : ", ");
      long a = arguments[i];
      text.append(a >= 0 && a < 4096 ? Long.toString(a) : "0x" + Long.toHexString(a));
    }
    return text.append(')').toString();
  }
}
