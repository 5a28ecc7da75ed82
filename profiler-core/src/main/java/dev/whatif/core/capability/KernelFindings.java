package dev.whatif.core.capability;

import java.util.List;

/** BPF, BTF, uprobes, sched_ext, userfaultfd, seccomp. */
final class KernelFindings {

  private static final String UNPRIVILEGED_BPF = "/proc/sys/kernel/unprivileged_bpf_disabled";

  private final KernelFiles files;
  private final Privileges privileges;

  KernelFindings(KernelFiles files, Privileges privileges) {
    this.files = files;
    this.privileges = privileges;
  }

  List<Capability> rows() {
    return List.of(bpf(), btf(), uprobes(), schedExt(), userfaultfd(), seccomp());
  }

  private Capability bpf() {
    String name = "kernel BPF";
    String need = "kernel-side accounting (causal, watch)";
    long disabled = files.number(UNPRIVILEGED_BPF).orElse(-1);
    Capability row =
        privileges.bpf()
            ? Capability.ok(name, "programs may be loaded", need)
            : Capability.degraded(
                name,
                "not for this user; user-space mechanisms are used",
                "run as root (or with CAP_BPF and CAP_PERFMON)",
                need);
    return row.with("unprivilegedBpfDisabled", disabled);
  }

  private Capability btf() {
    String name = "kernel BTF";
    String need = "kernel BPF programs that fit every kernel";
    return files.readable("/sys/kernel/btf/vmlinux")
        ? Capability.ok(name, "/sys/kernel/btf/vmlinux", need)
        : Capability.degraded(
            name, "no /sys/kernel/btf/vmlinux", "use a kernel with CONFIG_DEBUG_INFO_BTF", need);
  }

  private Capability uprobes() {
    String name = "kernel uprobes";
    String need = "comparison with user-space probes, which need none";
    return files.exists("/sys/bus/event_source/devices/uprobe")
        ? Capability.ok(name, "present", need)
        : Capability.degraded(
            name, "the kernel has none", "use a kernel with CONFIG_UPROBE_EVENTS", need);
  }

  private Capability schedExt() {
    String name = "sched_ext";
    String need = "causal: delays by the scheduler; else by signals";
    String state = files.text("/sys/kernel/sched_ext/state").orElse("");
    if (state.isEmpty()) {
      return Capability.degraded(
          name, "the kernel has none", "use Linux 6.12 or newer with CONFIG_SCHED_CLASS_EXT", need);
    }
    if (!"disabled".equals(state)) {
      return Capability.degraded(
              name, "another scheduler is loaded (" + state + ")", "unload it", need)
          .with("schedExtState", state);
    }
    return (privileges.bpf()
            ? Capability.ok(name, "free", need)
            : Capability.degraded(name, "there, but not for this user", "run as root", need))
        .with("schedExtState", state);
  }

  private Capability userfaultfd() {
    String name = "userfaultfd";
    String need = "write tracking of pages";
    boolean exists = files.exists("/proc/sys/vm/unprivileged_userfaultfd");
    boolean everybody = files.number("/proc/sys/vm/unprivileged_userfaultfd").orElse(0) == 1;
    if (!exists) {
      return Capability.degraded(
          name, "the kernel has none", "use a kernel with CONFIG_USERFAULTFD", need);
    }
    return privileges.ptrace() || everybody
        ? Capability.ok(name, "all faults", need)
        : Capability.degraded(
            name,
            "faults from user mode only",
            "run as root, or sudo sysctl vm.unprivileged_userfaultfd=1",
            need);
  }

  private Capability seccomp() {
    String name = "own seccomp filter";
    String need = "every system call above";
    String mode = files.field("/proc/self/status", "Seccomp").orElse("0");
    return ("0".equals(mode)
            ? Capability.ok(name, "none", need)
            : Capability.degraded(
                name,
                "system calls are filtered: perf_event_open, ptrace, bpf may be refused",
                "start the container with --security-opt seccomp=unconfined",
                need))
        .with("seccomp", mode);
  }
}
