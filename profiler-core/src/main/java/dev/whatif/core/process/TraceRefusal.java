package dev.whatif.core.process;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Sysctl;
import dev.whatif.core.linux.Unistd;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;

/** Why a process cannot be traced, and what can be done about it. */
final class TraceRefusal {

  private static final int ELF_CLASS = 4;
  private static final int CLASS_64 = 2;

  private TraceRefusal() {}

  /** Looks before anything is done to it: what the kernel would refuse, and what we do. */
  static void check(int pid) {
    if (pid == Unistd.getpid()) {
      throw new UnavailableException(
          "process " + pid + " is whatif itself", "name another process");
    }
    TaskStatus status = TaskStatus.of(pid).orElseThrow(() -> missing(pid));
    long process = status.number("Tgid");
    if (process != pid) {
      throw new UsageException(
          pid + " is a thread of process " + process, "name the process: --pid " + process);
    }
    if ("1".equals(status.text("Kthread"))
        || (status.text("VmSize").isEmpty() && status.state() != 'Z')) {
      throw new UnavailableException(
          "process %d (%s) is a kernel thread and has no program".formatted(pid, name(status)),
          "name a process that runs a program");
    }
    if (status.state() == 'Z' && ProcTasks.threads(pid).size() <= 1) {
      throw new TargetLostException(
          "process %d (%s) has ended; its parent %s has not noticed yet (zombie)"
              .formatted(pid, name(status), status.text("PPid")));
    }
    if (!isOurs(status.number("TracerPid"))) {
      traced(pid, status); // one of ours will have let it go by the first stop
    }
    if (is32Bit(pid)) {
      throw not64Bit(pid);
    }
  }

  /** The exception for a SEIZE that the kernel refused. */
  static WhatifException of(int pid, LinuxException refused) {
    Optional<TaskStatus> found = TaskStatus.of(pid);
    if (found.isEmpty()) {
      return missing(pid);
    }
    TaskStatus status = found.get();
    try {
      traced(pid, status);
    } catch (UnavailableException e) {
      return e;
    }
    String who = "process %d (%s)".formatted(pid, name(status));
    long scope = Sysctl.number("kernel.yama.ptrace_scope").orElse(0);
    if (scope >= 3) {
      return new UnavailableException(
          "cannot trace " + who + ": kernel.yama.ptrace_scope is 3, which forbids all tracing",
          "only a reboot can change that setting",
          refused);
    }
    boolean root = Unistd.geteuid() == 0;
    if (root) {
      return new UnavailableException(
          "cannot trace %s: %s, although this is root".formatted(who, refused.errno()),
          "a container or a security module keeps CAP_SYS_PTRACE away: run outside of it",
          refused);
    }
    if (status.number("Uid") != Unistd.geteuid()) {
      return new UnavailableException(
          "cannot trace %s: it belongs to user %d".formatted(who, status.number("Uid")),
          "run as that user or as root",
          refused);
    }
    if (scope == 2) {
      return new UnavailableException(
          "cannot trace " + who + ": kernel.yama.ptrace_scope is 2, which leaves it to root",
          "run as root, or: sudo sysctl kernel.yama.ptrace_scope=1",
          refused);
    }
    if (scope == 1) {
      return new UnavailableException(
          "cannot trace %s: kernel.yama.ptrace_scope is 1, which allows children only"
              .formatted(who),
          "start it from here (whatif ... -- command), or: sudo sysctl kernel.yama.ptrace_scope=0",
          refused);
    }
    return new UnavailableException(
        "cannot trace %s: it has made itself undumpable or has more privileges".formatted(who),
        "run as root",
        refused);
  }

  static UnavailableException not64Bit(int pid) {
    return new UnavailableException(
        "process " + pid + " runs 32-bit code", "only 64-bit programs can be entered");
  }

  /** Whether a thread of this JVM. */
  private static boolean isOurs(long tracer) {
    OptionalInt process = tracer > 0 ? ProcTasks.processOf((int) tracer) : OptionalInt.empty();
    return process.isPresent() && process.getAsInt() == Unistd.getpid();
  }

  private static void traced(int pid, TaskStatus status) {
    long tracer = status.number("TracerPid");
    if (tracer <= 0) {
      return;
    }
    String target = "cannot trace process %d (%s): ".formatted(pid, name(status));
    if (isOurs(tracer)) {
      throw new UnavailableException(
          target + "this whatif is tracing it already", "wait until it has done so");
    }
    String who = ProcTasks.name((int) tracer, (int) tracer).orElse("unknown");
    throw new UnavailableException(
        target + "%s (pid %d) traces it, and a process has one tracer".formatted(who, tracer),
        "end %s first".formatted(who));
  }

  private static WhatifException missing(int pid) {
    return inNamespace(pid)
        .<WhatifException>map(outside ->
            new TargetLostException(
                "there is no process " + pid + " here, but one that its container calls so",
                "use the number it has here: --pid " + outside))
        .orElseGet(() ->
            new TargetLostException(
                "there is no process " + pid, "list the running ones with: ps -e"));
  }

  /** A process whose innermost pid namespace gives it this number. */
  private static Optional<Integer> inNamespace(int pid) {
    for (int candidate : ProcTasks.processes()) {
      String numbers = TaskStatus.of(candidate).map(s -> s.text("NSpid")).orElse("");
      if (numbers.endsWith("\t" + pid)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static boolean is32Bit(int pid) {
    try (InputStream in = new FileInputStream("/proc/" + pid + "/exe")) {
      byte[] head = in.readNBytes(ELF_CLASS + 1);
      return head.length > ELF_CLASS && head[0] == 0x7f && head[ELF_CLASS] != CLASS_64;
    } catch (IOException e) {
      return false; // not permitted to know: the registers will tell
    }
  }

  private static String name(TaskStatus status) {
    return status.text("Name");
  }
}
