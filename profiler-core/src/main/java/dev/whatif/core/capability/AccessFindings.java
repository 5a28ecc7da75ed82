package dev.whatif.core.capability;

import java.util.List;

/** Who a process belongs to, and whether it may be sampled. */
final class AccessFindings {

  private final KernelFiles files;
  private final Privileges privileges;
  private final ProcessStatus status;
  private final String proc;
  private final Refusal refusal;

  AccessFindings(KernelFiles files, Privileges privileges, ProcessStatus status) {
    this.files = files;
    this.privileges = privileges;
    this.status = status;
    this.proc = "/proc/" + status.pid() + "/";
    this.refusal = new Refusal(files, privileges, status);
  }

  List<Capability> rows() {
    return List.of(identity(), sampling());
  }

  private Capability identity() {
    String command = files.text(proc + "cmdline").orElse("").replace('\0', ' ').strip();
    String shown = command.isEmpty() ? "[" + status.name() + "]" : command;
    return Capability.ok(
            "process",
            "%s; user %s, %s"
                .formatted(
                    shown.length() > 160 ? shown.substring(0, 160) + "..." : shown,
                    refusal.owner(),
                    status.number("Threads") == 1
                        ? "1 thread"
                        : status.text("Threads") + " threads"),
            "record")
        .with("name", status.name())
        .with("user", refusal.owner())
        .with("threads", status.number("Threads"));
  }

  /** /proc/PID/maps opens for exactly those who may trace with PTRACE_MODE_READ, as perf asks. */
  private Capability sampling() {
    String name = "sampling";
    if (status.isKernelThread(files)) {
      return Capability.unavailable(
          name, "a kernel thread has no user code", "choose a process with a program", "record");
    }
    String refused = PerfEventTrial.onProcess(status.pid());
    if (files.readable(proc + "maps") && !refused.isEmpty()) {
      return Capability.unavailable(
          name,
          "the kernel refuses a counter on it: " + refused,
          "see CPU sampling below",
          "record");
    }
    if (refused.isEmpty()) {
      return Capability.ok(
          name,
          "permitted: user code"
              + (privileges.perfmon() ? " and kernel" : "")
              + " of all its threads",
          "record");
    }
    return Capability.unavailable(
        name, "not permitted: " + refusal.reason(), refusal.remedy(), "record");
  }
}
