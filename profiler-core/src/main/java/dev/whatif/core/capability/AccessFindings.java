package dev.whatif.core.capability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who a process belongs to, and whether it may be sampled and attached to. */
final class AccessFindings {

  private static final String ATTACH = "causal, trace, watch";

  private final KernelFiles files;
  private final Privileges privileges;
  private final ProcessStatus status;
  private final String proc;

  AccessFindings(KernelFiles files, Privileges privileges, ProcessStatus status) {
    this.files = files;
    this.privileges = privileges;
    this.status = status;
    this.proc = "/proc/" + status.pid() + "/";
  }

  List<Capability> rows() {
    List<Capability> rows = new ArrayList<>();
    rows.add(identity());
    rows.add(sampling());
    rows.add(attach());
    if (!"0".equals(status.text("Seccomp"))) {
      rows.add(seccomp());
    }
    if (differentNamespace("mnt") || status.isInPidNamespace()) {
      rows.add(namespaces());
    }
    return rows;
  }

  private Capability identity() {
    String command = files.text(proc + "cmdline").orElse("").replace('\0', ' ').strip();
    String shown = command.isEmpty() ? "[" + status.name() + "]" : command;
    return Capability.ok(
            "process",
            "%s; user %s, %s threads"
                .formatted(
                    shown.length() > 160 ? shown.substring(0, 160) + "..." : shown,
                    owner(),
                    status.text("Threads")),
            "record")
        .with("name", status.name())
        .with("user", owner())
        .with("threads", status.number("Threads"));
  }

  private String owner() {
    long user = status.realUser();
    return files
        .text("/etc/passwd")
        .flatMap(t ->
            t.lines()
                .map(l -> l.split(":", -1))
                .filter(f -> f.length > 2 && f[2].equals(Long.toString(user)))
                .map(f -> f[0])
                .findFirst())
        .orElse(Long.toString(user));
  }

  private boolean isKernelThread() {
    return "1".equals(status.text("Kthread"))
        || (status.text("VmSize").isEmpty() && !files.exists(proc + "exe"));
  }

  /** /proc/PID/maps opens for exactly those who may trace with PTRACE_MODE_READ, as perf asks. */
  private Capability sampling() {
    String name = "sampling";
    if (isKernelThread()) {
      return Capability.unavailable(
          name, "a kernel thread has no user code", "choose a process with a program", "record");
    }
    if (files.readable(proc + "maps")) {
      return Capability.ok(
          name,
          "permitted: user code"
              + (privileges.perfmon() ? " and kernel" : "")
              + " of all its threads",
          "record");
    }
    return Capability.unavailable(name, "not permitted: " + reason(), "run as root", "record");
  }

  private String reason() {
    if (status.realUser() != privileges.userId()) {
      return "it belongs to user " + owner() + ", not to you";
    }
    return "it has more privileges than you, or made itself undumpable (prctl PR_SET_DUMPABLE)";
  }

  private Capability attach() {
    String name = "attaching";
    if (status.pid() == ProcessHandle.current().pid()) {
      return Capability.unavailable(name, "that is whatif itself", null, ATTACH);
    }
    long tracer = status.number("TracerPid");
    if (tracer > 0) {
      String who = files.text("/proc/" + tracer + "/comm").orElse("unknown");
      return Capability.unavailable(
              name,
              "%s (pid %d) traces it, and a process has one tracer".formatted(who, tracer),
              "end %s first; record works all the same".formatted(who),
              ATTACH)
          .with("tracerPid", tracer);
    }
    if (isKernelThread()) {
      return Capability.unavailable(name, "a kernel thread cannot be traced", null, ATTACH);
    }
    if (status.pid() == 1 && !privileges.ptrace()) {
      return Capability.unavailable(name, "init belongs to root", null, ATTACH);
    }
    long scope = files.number("/proc/sys/kernel/yama/ptrace_scope").orElse(0);
    if (scope == 3) {
      return Capability.unavailable(
          name, "ptrace is switched off until reboot (ptrace_scope 3)", null, ATTACH);
    }
    if (!files.readable(proc + "maps")) {
      return Capability.unavailable(name, "not permitted: " + reason(), "run as root", ATTACH);
    }
    if (privileges.ptrace()) {
      return Capability.ok(name, "permitted", ATTACH);
    }
    if (scope >= 1) {
      return Capability.unavailable(
          name,
          "ptrace_scope " + scope + " lets only a parent trace its child",
          "launch it with whatif ... -- command,  or sudo sysctl kernel.yama.ptrace_scope=0",
          ATTACH);
    }
    return Capability.ok(name, "permitted", ATTACH);
  }

  private Capability seccomp() {
    return Capability.degraded(
            "its seccomp filter",
            "it filters its own system calls: injected ones may be refused or kill it",
            null,
            ATTACH)
        .with("seccomp", status.text("Seccomp"));
  }

  private Capability namespaces() {
    return Capability.ok(
            "namespaces",
            "in a container: there it is pid %s, its files are read through /proc/%d/root"
                .formatted(status.innermostPid(), status.pid()),
            "symbols")
        .with("innermostPid", status.innermostPid());
  }

  private boolean differentNamespace(String kind) {
    try {
      Path mine = Files.readSymbolicLink(files.path("/proc/self/ns/" + kind));
      Path its = Files.readSymbolicLink(files.path(proc + "ns/" + kind));
      return !mine.equals(its);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // not permitted to know
    }
  }
}
