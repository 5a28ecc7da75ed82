package dev.whatif.core.capability;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a process has room for: a signal, executable shared memory, file descriptors, addresses. */
final class EntryFindings {

  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final long DESCRIPTORS = 4;
  private static final long ADDRESSES = 64L << 20;

  private final KernelFiles files;
  private final ProcessStatus status;
  private final SignalUse signals;
  private final String proc;

  EntryFindings(KernelFiles files, ProcessStatus status, List<ProcessStatus> threads) {
    this.files = files;
    this.status = status;
    this.signals = SignalUse.of(files, status.pid(), threads);
    this.proc = "/proc/" + status.pid() + "/";
  }

  List<Capability> rows() {
    return List.of(signal(), executableMemory(), descriptors(), addresses(), kernelCode());
  }

  private Capability signal() {
    String name = "free signal";
    String need = "causal (pauses by signal)";
    OptionalInt choice = signals.choice();
    if (choice.isEmpty()) {
      return Capability.degraded(
              name, "none: every real-time signal is handled, ignored or pending", null, need)
          .with("free", signals.free());
    }
    List<Integer> blockers = signals.blockers(choice.getAsInt());
    String who =
        blockers.isEmpty()
            ? "blocked by no thread"
            : "blocked by %d of %d threads, which cannot be paused: %s"
                .formatted(blockers.size(), signals.blocked().size(), first(blockers));
    String finding =
        "%d (%d are free), %s".formatted(choice.getAsInt(), signals.free().size(), who);
    Capability row =
        blockers.isEmpty()
            ? Capability.ok(name, finding, need)
            : Capability.degraded(name, finding, null, need);
    return row.with("signal", choice.getAsInt())
        .with("free", signals.free())
        .with("blockedBy", blockers);
  }

  private static String first(List<Integer> threads) {
    String text = threads.stream().limit(5).toList().toString();
    return text.substring(1, text.length() - 1) + (threads.size() > 5 ? ", ..." : "");
  }

  /**
   * The sysctl shows its reader's pid namespace; a namespace below is at least as strict
   * (kernel/pid_sysctl.h), how much stricter only its own processes see.
   */
  private Capability executableMemory() {
    String name = "executable memory";
    String need = AttachFindings.NEEDED_BY;
    OptionalLong here = files.number("/proc/sys/vm/memfd_noexec");
    boolean inside =
        status.isInPidNamespace()
            || !files.link("/proc/self/ns/pid").equals(files.link(proc + "ns/pid"));
    Capability row;
    if (here.orElse(0) == 2) {
      row =
          Capability.unavailable(
              name,
              "vm.memfd_noexec is 2: no executable memory can be shared with it",
              "sudo sysctl vm.memfd_noexec=1 (in its pid namespace)",
              need);
    } else if (inside) {
      row =
          Capability.ok(
              name,
              "vm.memfd_noexec is %d here; that of its own pid namespace is seen when entering"
                  .formatted(here.orElse(0)),
              need);
    } else {
      row = Capability.ok(name, "vm.memfd_noexec is " + here.orElse(0), need);
    }
    return row.with("memfdNoexec", here.orElse(-1)).with("ownPidNamespace", inside);
  }

  private Capability descriptors() {
    String name = "its open files";
    long limit = limit("Max open files");
    int open = files.numbers(proc + "fd").size();
    boolean enough = limit == UNLIMITED || limit - open >= DESCRIPTORS;
    String finding = "%d of %s".formatted(open, shown(limit, ""));
    Capability row =
        enough
            ? Capability.ok(name, finding, AttachFindings.NEEDED_BY)
            : Capability.degraded(
                name,
                finding + ": too few are left to enter it",
                "prlimit --pid %d --nofile=%d:".formatted(status.pid(), open + 16),
                AttachFindings.NEEDED_BY);
    return row.with("open", open).with("limit", limit);
  }

  private Capability addresses() {
    String name = "its address space";
    long limit = limit("Max address space");
    long used = Math.max(0, status.number("VmSize")) * 1024;
    boolean enough = limit == UNLIMITED || limit - used >= ADDRESSES;
    String finding = "%d MiB of %s".formatted(used >> 20, shown(limit, "MiB"));
    Capability row =
        enough
            ? Capability.ok(name, finding, AttachFindings.NEEDED_BY)
            : Capability.degraded(
                name,
                finding + ": too little is left to enter it",
                "prlimit --pid %d --as=unlimited:".formatted(status.pid()),
                AttachFindings.NEEDED_BY);
    return row.with("usedBytes", used)
        .with("limitBytes", limit)
        .with("stackLimitBytes", limit("Max stack size"));
  }

  /** Our first instructions lie in the slack behind the vdso's code, else behind the program's. */
  private Capability kernelCode() {
    String name = "vdso";
    boolean there = files.text(proc + "maps").map(t -> t.contains(" [vdso]")).orElse(false);
    return (there
            ? Capability.ok(name, "mapped", AttachFindings.NEEDED_BY)
            : Capability.degraded(
                name,
                "not mapped: the slack behind the program's own code is used to enter it",
                null,
                AttachFindings.NEEDED_BY))
        .with("vdso", there);
  }

  private long limit(String which) {
    return files.limit(Integer.toString(status.pid()), which).orElse(UNLIMITED);
  }

  private static String shown(long limit, String unit) {
    if (limit == UNLIMITED) {
      return "unlimited";
    }
    return unit.isEmpty() ? Long.toString(limit) : (limit >> 20) + " " + unit;
  }
}
