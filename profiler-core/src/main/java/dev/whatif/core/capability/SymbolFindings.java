package dev.whatif.core.capability;

import java.util.List;

/** Where names come from. */
final class SymbolFindings {

  private final KernelFiles files;
  private final Privileges privileges;

  SymbolFindings(KernelFiles files, Privileges privileges) {
    this.files = files;
    this.privileges = privileges;
  }

  List<Capability> rows() {
    return List.of(kernelSymbols(), debugFiles());
  }

  private Capability kernelSymbols() {
    String name = "kernel symbols";
    String need = "names of kernel frames";
    long restrict = files.number("/proc/sys/kernel/kptr_restrict").orElse(0);
    boolean shown =
        files.firstLine("/proc/kallsyms").map(l -> !l.startsWith("0000000000000000")).orElse(false);
    Capability row =
        shown
            ? Capability.ok(name, "/proc/kallsyms shows addresses", need)
            : Capability.degraded(
                name,
                "/proc/kallsyms hides addresses (kptr_restrict " + restrict + ")",
                privileges.admin()
                    ? "sudo sysctl kernel.kptr_restrict=1"
                    : "run as root, or sudo sysctl kernel.kptr_restrict=0",
                need);
    return row.with("kptrRestrict", restrict);
  }

  private Capability debugFiles() {
    String name = "debug files";
    String need = "lines in system libraries";
    if (files.exists("/usr/lib/debug/.build-id")) {
      return Capability.ok(name, "/usr/lib/debug/.build-id", need);
    }
    return Capability.degraded(
        name,
        "none under /usr/lib/debug: functions of system libraries have names but no lines",
        "install the -dbg, -dbgsym or -debuginfo packages, e.g. sudo apt install libc6-dbg",
        need);
  }
}
