package dev.whatif.core.capability;

import java.util.List;
import java.util.OptionalLong;

/** Counters, their limits, and whose processes may be sampled. */
final class SamplingFindings {

  private static final String RECORD = "record";
  private static final String PARANOID = "/proc/sys/kernel/perf_event_paranoid";
  private static final long ENOUGH_FILES = 4096;

  private final KernelFiles files;
  private final Privileges privileges;
  private final PerfEventTrial trial;
  private final long paranoid;

  SamplingFindings(KernelFiles files, Privileges privileges, PerfEventTrial trial) {
    this.files = files;
    this.privileges = privileges;
    this.trial = trial;
    this.paranoid = files.number(PARANOID).orElse(Long.MAX_VALUE);
  }

  List<Capability> rows() {
    return List.of(
        sampling(),
        othersProcesses(),
        kernelSamples(),
        hardwareCounters(),
        memoryLimit(),
        fileLimit(),
        ptrace());
  }

  private String level() {
    return paranoid == Long.MAX_VALUE ? "unreadable" : Long.toString(paranoid);
  }

  private Capability sampling() {
    String name = "CPU sampling";
    Capability row;
    if (!files.exists(PARANOID)) {
      row =
          Capability.unavailable(
              name,
              "the kernel was built without performance events",
              "use a kernel with CONFIG_PERF_EVENTS",
              RECORD);
    } else if (trial.ownUser().isEmpty()) {
      row = Capability.ok(name, "task-clock opens, perf_event_paranoid is " + level(), RECORD);
    } else {
      row =
          Capability.unavailable(
              name,
              "task-clock does not open: "
                  + trial.ownUser()
                  + "; perf_event_paranoid is "
                  + level(),
              paranoid > 2
                  ? "sudo sysctl kernel.perf_event_paranoid=2"
                  : "allow perf_event_open in the container's seccomp profile",
              RECORD);
    }
    return row.with("perfEventParanoid", level());
  }

  private Capability othersProcesses() {
    String name = "others' processes";
    if (privileges.perfmon() && privileges.ptrace()) {
      return Capability.ok(name, "processes of every user", RECORD);
    }
    return Capability.degraded(
        name,
        "only processes of the same user",
        "run as root (or with CAP_PERFMON and CAP_SYS_PTRACE)",
        RECORD);
  }

  private Capability kernelSamples() {
    String name = "kernel samples";
    if (trial.ownKernel().isEmpty() && (privileges.perfmon() || paranoid <= 1)) {
      return Capability.ok(name, "kernel frames are recorded", "record, kernel frames");
    }
    return Capability.degraded(
        name,
        "user mode only; the kernel's share is reported as a number",
        "sudo sysctl kernel.perf_event_paranoid=1",
        "record, kernel frames");
  }

  private Capability hardwareCounters() {
    String name = "hardware counters";
    boolean listed =
        files.exists("/sys/bus/event_source/devices/cpu")
            || files.exists("/sys/bus/event_source/devices/cpu_core");
    Capability row =
        listed && trial.hardware().isEmpty()
            ? Capability.ok(name, "present", "nothing yet")
            : Capability.degraded(
                name,
                "none (usual in virtual machines); software task-clock is used, which needs none",
                null,
                "nothing yet");
    return row.with("pmu", listed);
  }

  private Capability memoryLimit() {
    String name = "locked memory";
    long perCpuKilobytes = files.number("/proc/sys/kernel/perf_event_mlock_kb").orElse(516);
    OptionalLong limit = files.limit("Max locked memory");
    boolean unlimited = privileges.perfmon() || limit.orElse(0) == Long.MAX_VALUE;
    String finding =
        unlimited
            ? "not limited for ring buffers"
            : "%d KiB a CPU for ring buffers, and %d KiB more in all"
                .formatted(perCpuKilobytes, limit.orElse(0) / 1024);
    Capability row =
        unlimited || perCpuKilobytes >= 516
            ? Capability.ok(name, finding, RECORD)
            : Capability.degraded(
                name, finding, "sudo sysctl kernel.perf_event_mlock_kb=2048", RECORD);
    return row.with("perfEventMlockKb", perCpuKilobytes);
  }

  private Capability fileLimit() {
    String name = "open files";
    long limit = files.limit("Max open files").orElse(0);
    String finding = "%d; a counter takes one per thread and CPU".formatted(limit);
    Capability row =
        limit >= ENOUGH_FILES
            ? Capability.ok(name, finding, "record of many threads")
            : Capability.degraded(name, finding, "ulimit -n 65536", "record of many threads");
    return row.with("openFiles", limit);
  }

  private Capability ptrace() {
    String name = "ptrace";
    String need = "attaching (causal, trace, watch)";
    long scope = files.number("/proc/sys/kernel/yama/ptrace_scope").orElse(0);
    Capability row;
    if (scope == 3) {
      row = Capability.unavailable(name, "switched off until reboot (ptrace_scope 3)", null, need);
    } else if (privileges.ptrace()) {
      row = Capability.ok(name, "any process (ptrace_scope " + scope + ")", need);
    } else if (scope == 0) {
      row = Capability.ok(name, "processes of the same user (ptrace_scope 0)", need);
    } else {
      row =
          Capability.degraded(
              name,
              scope == 1
                  ? "only processes that whatif launches (ptrace_scope 1)"
                  : "only with CAP_SYS_PTRACE (ptrace_scope " + scope + ")",
              "launch with  -- command,  or sudo sysctl kernel.yama.ptrace_scope=0",
              need);
    }
    return row.with("ptraceScope", scope);
  }
}
