package dev.whatif.core.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether a process may be entered: by ptrace at all, and then by our own system calls in it. */
final class AttachFindings {

  static final String NEEDED_BY = "causal, trace, watch";

  private static final String STRICT = "1";
  private static final int MOST_NAMED = 5;

  private final KernelFiles files;
  private final Privileges privileges;
  private final ProcessStatus status;
  private final List<ProcessStatus> threads;
  private final String proc;

  AttachFindings(
      KernelFiles files, Privileges privileges, ProcessStatus status, List<ProcessStatus> threads) {
    this.files = files;
    this.privileges = privileges;
    this.status = status;
    this.threads = threads;
    this.proc = "/proc/" + status.pid() + "/";
  }

  List<Capability> rows() {
    return List.of(attach(), filter(), namespaces());
  }

  private Capability attach() {
    Refusal refusal = new Refusal(files, privileges, status);
    long tracer = status.number("TracerPid");
    long scope = files.number("/proc/sys/kernel/yama/ptrace_scope").orElse(0);
    if (status.pid() == ProcessHandle.current().pid()) {
      return no("that is whatif itself");
    }
    if (tracer > 0) {
      String who = files.text("/proc/" + tracer + "/comm").orElse("unknown");
      return Capability.unavailable(
              "attaching",
              "%s (pid %d) traces it, and a process has one tracer".formatted(who, tracer),
              "end %s first; record works all the same".formatted(who),
              NEEDED_BY)
          .with("tracerPid", tracer);
    }
    if (status.isKernelThread(files)) {
      return no("a kernel thread cannot be traced");
    }
    if (status.pid() == 1 && !privileges.ptrace()) {
      return no("init belongs to root");
    }
    if (scope == 3) {
      return no("ptrace is switched off until reboot (ptrace_scope 3)");
    }
    if (!files.readable(proc + "maps")) {
      return Capability.unavailable(
          "attaching", "not permitted: " + refusal.reason(), refusal.remedy(), NEEDED_BY);
    }
    if (scope >= 1 && !privileges.ptrace()) {
      return Capability.unavailable(
          "attaching",
          "ptrace_scope " + scope + " lets only a parent trace its child",
          "launch it with whatif ... -- command,  or sudo sysctl kernel.yama.ptrace_scope=0",
          NEEDED_BY);
    }
    int bits = ProgramWidth.of(files.path(proc + "exe"));
    if (bits == 32) {
      return no("a 32-bit program; only 64-bit x86 ones are understood").with("bits", bits);
    }
    String shadowed = shadowStacks();
    if (!shadowed.isEmpty()) {
      return no("a shadow stack guards its returns (thread " + shadowed + "); not supported yet")
          .with("shadowStack", true);
    }
    if (threads.stream().anyMatch(t -> STRICT.equals(t.text("Seccomp")))) {
      return no("strict seccomp: any call of ours would kill it");
    }
    return Capability.ok("attaching", "permitted", NEEDED_BY).with("bits", bits);
  }

  private static Capability no(String finding) {
    return Capability.unavailable("attaching", finding, null, NEEDED_BY);
  }

  /** arch/x86/kernel/shstk.c: "shstk" and "wrss" by thread; the line is absent without support. */
  private String shadowStacks() {
    return named(
        threads.stream()
            .filter(t -> t.text("x86_Thread_features").contains("shstk"))
            .map(t -> Integer.toString(t.pid()))
            .toList());
  }

  private Capability filter() {
    String name = "system call filter";
    Map<String, Long> modes =
        threads.stream()
            .collect(
                Collectors.groupingBy(AttachFindings::mode, TreeMap::new, Collectors.counting()));
    long filters = threads.stream().mapToLong(t -> t.number("Seccomp_filters")).max().orElse(0);
    List<String> filtered =
        threads.stream()
            .filter(t -> !"0".equals(mode(t)))
            .map(t -> Integer.toString(t.pid()))
            .toList();
    Capability row;
    if (filtered.isEmpty()) {
      row = Capability.ok(name, "none (seccomp off)", NEEDED_BY);
    } else {
      String who =
          filtered.size() == threads.size()
              ? "all its threads"
              : "thread " + named(filtered) + " of " + threads.size();
      String what =
          modes.containsKey(STRICT)
              ? "strict seccomp (read, write, exit only)"
              : "seccomp, %d %s".formatted(filters, filters == 1 ? "filter" : "filters");
      row =
          Capability.degraded(
              name,
              what + " on " + who + ": refused unless the filter allows our calls",
              null,
              NEEDED_BY);
    }
    return row.with("seccomp", status.text("Seccomp"))
        .with("filters", Math.max(0, filters))
        .with("filteredThreads", filtered.size())
        .with("noNewPrivs", "1".equals(status.text("NoNewPrivs")));
  }

  /** Kernels without seccomp show no such line. */
  private static String mode(ProcessStatus thread) {
    return thread.text("Seccomp").isEmpty() ? "0" : thread.text("Seccomp");
  }

  private static String named(List<String> threads) {
    String first = threads.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return threads.size() > MOST_NAMED
        ? "%s and %d more".formatted(first, threads.size() - MOST_NAMED)
        : first;
  }

  private Capability namespaces() {
    String name = "namespaces";
    String need = NEEDED_BY + ", symbols";
    boolean pid = differs("pid");
    boolean mnt = differs("mnt");
    boolean user = differs("user");
    List<String> parts = new ArrayList<>();
    if (pid || status.isInPidNamespace()) {
      parts.add("in a container: there it is pid " + status.innermostPid());
    }
    if (mnt) {
      parts.add("its files are read through /proc/%d/root".formatted(status.pid()));
    }
    if (user) {
      parts.add("it has users of its own (" + owners() + ")");
    }
    return Capability.ok(name, parts.isEmpty() ? "as here" : String.join("; ", parts), need)
        .with("pid", pid)
        .with("mnt", mnt)
        .with("user", user)
        .with("innermostPid", status.innermostPid());
  }

  /** The first line of its user map: "inside outside count" (user_namespaces(7)). */
  private String owners() {
    return files
        .firstLine(proc + "uid_map")
        .map(l -> l.strip().split("\\s+", -1))
        .filter(f -> f.length == 3)
        .map(f -> "user %s there is %s here".formatted(f[0], f[1]))
        .orElse("no user mapped");
  }

  /** False when it may not be known. */
  private boolean differs(String kind) {
    return files
        .link("/proc/self/ns/" + kind)
        .flatMap(mine -> files.link(proc + "ns/" + kind).map(its -> !its.equals(mine)))
        .orElse(false);
  }
}
