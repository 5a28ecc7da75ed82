package dev.whatif.core.sample;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Sysctl;
import dev.whatif.core.linux.Unistd;

/** What the kernel's refusals mean, and what would change them. */
final class Permission {

  private Permission() {}

  /** A refusal while rings were made. */
  static WhatifException explain(LinuxException e) {
    if (e.call().equals("mmap")) {
      return new UnavailableException(
          "no memory for perf's rings may be locked: " + e.errno(),
          "raise the limit with: ulimit -l unlimited, or: sysctl kernel.perf_event_mlock_kb=4096",
          e);
    }
    return refused("perf events", e);
  }

  /** A refusal to watch a process. */
  static WhatifException process(int pid, LinuxException e) {
    return refused("process " + pid, e);
  }

  private static WhatifException refused(String what, LinuxException e) {
    if (e.is(Errno.EMFILE)) {
      return new UnavailableException(
          "cannot watch " + what + ": too many open files (one per thread and CPU is needed)",
          "raise the limit with: ulimit -n 1048576",
          e);
    }
    if (e.is(Errno.EACCES) || e.is(Errno.EPERM)) {
      int level = paranoid();
      if (level > 2 && Unistd.geteuid() != 0) {
        return new UnavailableException(
            "not permitted to sample " + what + ": perf_event_paranoid is " + level,
            "allow it with: sysctl kernel.perf_event_paranoid=2, or run as root",
            e);
      }
      return new UnavailableException(
          "not permitted to sample " + what + ": it belongs to another user or is protected",
          "run as root, or as the user it belongs to",
          e);
    }
    if (e.is(Errno.ENOSYS) || e.is(Errno.ENOENT)) {
      return new UnavailableException(
          "cannot sample " + what + ": this kernel has no perf events", null, e);
    }
    return new UnavailableException("cannot sample " + what + ": " + e.getMessage(), null, e);
  }

  /** The kernel's level; 2 when unknown. */
  static int paranoid() {
    return (int) Sysctl.number("kernel.perf_event_paranoid").orElse(2);
  }
}
