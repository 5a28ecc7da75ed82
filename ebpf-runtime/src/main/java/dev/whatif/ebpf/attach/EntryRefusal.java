package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.Sysctl;
import dev.whatif.core.process.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Why a process that can be traced can still not be entered, and what would change that. */
final class EntryRefusal {

  private EntryRefusal() {}

  /** Looks before anything is done to it. */
  static void check(int pid) {
    TaskStatus status =
        TaskStatus.of(pid).orElseThrow(() -> new TargetLostException("there is no process " + pid));
    String who = "process %d (%s)".formatted(pid, status.text("Name"));
    if (status.text("x86_Thread_features").contains("shstk")) {
      throw new UnavailableException(
          who + " runs with a shadow stack, which our way in has not been tested with",
          "start it with GLIBC_TUNABLES=glibc.cpu.x86_shstk=off");
    }
    // The setting belongs to a pid namespace: another one's cannot be read, but its refusal can.
    if (Sysctl.number("vm.memfd_noexec").orElse(0) == 2 && inOurPidNamespace(pid)) {
      throw noExecutableMemory(who, null);
    }
  }

  private static boolean inOurPidNamespace(int pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
          .equals(Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid")));
    } catch (IOException e) {
      return false;
    }
  }

  private static UnavailableException noExecutableMemory(
      String who, @org.jspecify.annotations.Nullable Throwable cause) {
    String message = who + " may not have executable shared memory: vm.memfd_noexec is 2";
    String remedy = "sudo sysctl vm.memfd_noexec=1";
    return cause == null
        ? new UnavailableException(message, remedy)
        : new UnavailableException(message, remedy, cause);
  }

  /** The sentence for a call that failed in the target; everything has been undone. */
  static WhatifException of(int pid, RemoteCallException e) {
    String who = "process " + pid;
    if (e.is(Errno.EMFILE)) {
      return new UnavailableException(
          who + " has no file descriptor left (RLIMIT_NOFILE)",
          "sudo prlimit --nofile=65536 --pid " + pid,
          e);
    }
    if (e.call().equals("memfd_create") && e.is(Errno.EACCES)) {
      return noExecutableMemory(who, e);
    }
    if (e.call().equals("mmap") && e.is(Errno.ENOMEM)) {
      return new UnavailableException(
          who + " may not map more memory (RLIMIT_AS, or 65,530 mappings)",
          "sudo prlimit --as=unlimited --pid " + pid,
          e);
    }
    if (e.call().equals("mmap") && (e.is(Errno.EACCES) || e.is(Errno.EPERM))) {
      return new UnavailableException(
          who
              + " may not have new executable memory: hardened by systemd's"
              + " MemoryDenyWriteExecute=, PR_SET_MDWE or a security module",
          "run it without that, or profile it from outside (whatif record)",
          e);
    }
    return new UnavailableException("%s: %s".formatted(who, e.getMessage()), null, e);
  }
}
