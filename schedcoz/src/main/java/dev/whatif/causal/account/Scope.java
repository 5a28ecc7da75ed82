package dev.whatif.causal.account;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Pidfd;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.LoadedObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Who is in scope: gives levels to threads that run already. Threads that are born in scope get
 * theirs in the kernel. For one thread.
 */
final class Scope {

  private final LoadedObject object;
  private final Levels levels;

  Scope(LoadedObject object, Levels levels) {
    this.object = object;
    this.levels = levels;
  }

  /** See {@link Accounting#admit}. */
  int admit(int pid) {
    int admitted = 0;
    boolean news = true;
    while (news) {
      news = false;
      for (int tid : ProcTasks.threads(pid)) {
        if (admit(pid, tid)) {
          admitted++;
          news = true;
        }
      }
    }
    return admitted;
  }

  private boolean admit(int pid, int tid) {
    int pidfd;
    try {
      pidfd = Pidfd.openThread(tid);
    } catch (LinuxException e) {
      if (e.is(Errno.EINVAL)) {
        throw new UnavailableException(
            "this kernel cannot name a single thread by a descriptor",
            "causal profiles need Linux 6.9 or newer; profile with: whatif record -p " + pid);
      }
      return false; // it has ended
    }
    try {
      KernelMap threads = object.map("threads");
      byte[] key = bytes(pidfd);
      if (threads.lookup(key).isPresent()) {
        return false;
      }
      int index = object.map("spare").pop().map(Scope::number).orElseGet(levels::fresh);
      if (index >= levels.capacity()) {
        throw new UnavailableException(
            "more than %d threads are in scope".formatted(levels.capacity()),
            "name fewer processes");
      }
      levels.prepare(index, tid, pid);
      try {
        threads.update(key, bytes(index));
      } catch (TargetLostException e) {
        release(index); // it ended in between, as threads of a program that forks often do
        return false;
      }
      return true;
    } finally {
      Unistd.close(pidfd);
    }
  }

  private void release(int index) {
    levels.forget(index);
    object.map("spare").push(bytes(index));
  }

  /** See {@link Accounting#admitSelf}. */
  Runnable admitSelf() {
    int tid = ProcTasks.self();
    admit(Unistd.getpid(), tid);
    return () -> dismiss(tid);
  }

  private void dismiss(int tid) {
    int pidfd = Pidfd.openThread(tid);
    try {
      KernelMap threads = object.map("threads");
      threads
          .lookup(bytes(pidfd))
          .ifPresent(index -> {
            threads.delete(bytes(pidfd));
            release(number(index));
          });
    } finally {
      Unistd.close(pidfd);
    }
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(Arrays.copyOf(bytes, Integer.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt();
  }
}
