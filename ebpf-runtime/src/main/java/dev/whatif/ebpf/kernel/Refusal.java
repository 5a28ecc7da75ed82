package dev.whatif.ebpf.kernel;

import dev.whatif.core.capability.KernelFiles;
import dev.whatif.core.capability.Privileges;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Resource;
import dev.whatif.ebpf.object.ProgramType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel's refusals mean, and what would change them. */
final class Refusal {

  private static final String MEMLOCK = "raise the limit with: ulimit -l unlimited";

  private static final Pattern RELEASE = Pattern.compile("Linux (\\d{1,4})\\.(\\d{1,4}).*");

  private Refusal() {}

  /** Any other refusal. */
  static WhatifException of(String toDo, LinuxException e) {
    if (e.is(Errno.EPERM)) {
      return notPermitted(toDo, e);
    }
    if (e.is(Errno.ENOSYS)) {
      return new UnavailableException(
          "cannot %s: this kernel has no bpf(2), or a seccomp filter hides it".formatted(toDo),
          "use a kernel with CONFIG_BPF_SYSCALL; start a container with"
              + " --security-opt seccomp=unconfined",
          e);
    }
    if (e.is(Errno.E2BIG)) {
      return new UnavailableException(
          "cannot %s: it asks for something younger than this kernel (%s)"
              .formatted(toDo, release()),
          "use a newer kernel",
          e);
    }
    if (e.is(Errno.EMFILE)) {
      return new UnavailableException(
          "cannot %s: too many open files".formatted(toDo), "raise the limit with: ulimit -n", e);
    }
    if (e.is(Errno.ENOMEM)) {
      return new UnavailableException(
          "cannot %s: the kernel has not that much memory".formatted(toDo),
          "ask for fewer entries",
          e);
    }
    return new UnavailableException("cannot %s: %s".formatted(toDo, e.errno()), null, e);
  }

  static WhatifException ofMap(MapSpec spec, int result) {
    LinuxException e = Bpf.failure(BpfCommand.BPF_MAP_CREATE, result);
    String toDo = "make map '%s' of type %s".formatted(spec.name, spec.type);
    if (e.is(Errno.EINVAL) || e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOTSUPP)) {
      if (!Support.map(spec.type)) {
        return new UnavailableException(
            "cannot %s: this kernel (%s) has no such maps".formatted(toDo, release()),
            "use Linux %s or newer, with the kernel's options for it".formatted(spec.type.since()),
            e);
      }
      return new BadDataException(
          ("cannot %s with keys of %d bytes, values of %d bytes and %s entries: the kernel"
                  + " refuses the combination of sizes, flags and types")
              .formatted(
                  toDo, spec.keyBytes, spec.valueBytes, Integer.toUnsignedString(spec.maxEntries)),
          "see what the type asks for: https://docs.kernel.org/bpf/maps.html",
          e);
    }
    if (e.is(Errno.E2BIG)) {
      return new BadDataException(
          "cannot %s with keys of %d bytes, values of %d bytes and %s entries: too big"
              .formatted(
                  toDo, spec.keyBytes, spec.valueBytes, Integer.toUnsignedString(spec.maxEntries)),
          "ask for less",
          e);
    }
    return of(toDo, e);
  }

  static WhatifException ofElement(KernelMap map, BpfCommand command, int result) {
    LinuxException e = Bpf.failure(command, result);
    String verb =
        switch (command) {
          case BPF_MAP_UPDATE_ELEM, BPF_MAP_UPDATE_BATCH -> "update ";
          case BPF_MAP_DELETE_ELEM, BPF_MAP_DELETE_BATCH -> "delete from ";
          case BPF_MAP_FREEZE -> "freeze ";
          default -> "read ";
        };
    if (e.is(Errno.E2BIG)) {
      return new UnavailableException(
          "cannot update %s: it is full, or the index is too large (%s entries)"
              .formatted(map, Integer.toUnsignedString(map.maxEntries())),
          "make it with more entries",
          e);
    }
    if (e.is(Errno.EPERM)) {
      return new UnavailableException(
          "cannot " + verb + map + ": it is frozen or not for user space", null, e);
    }
    if (e.is(Errno.ENOTSUPP) || e.is(Errno.EOPNOTSUPP)) {
      return new UnavailableException(
          "cannot " + verb + map + ": not possible from user space for this type", null, e);
    }
    if (map.type() == MapType.TASK_STORAGE && e.is(Errno.ENOENT)) {
      // bpf_pid_task_storage_update_elem: the descriptor names a thread that is gone
      return new TargetLostException("cannot " + verb + map + ": the thread has ended", null, e);
    }
    if (e.is(Errno.EEXIST) || e.is(Errno.ENOENT)) {
      return new UnavailableException(
          "cannot %s%s: %s such key".formatted(verb, map, e.is(Errno.EEXIST) ? "there is" : "no"),
          null,
          e);
    }
    return of(verb + map, e);
  }

  static WhatifException ofProgram(ProgramSpec spec, VerifierAnswer answer) {
    LinuxException e = Bpf.failure(BpfCommand.BPF_PROG_LOAD, answer.result());
    String toDo = "load program '%s' of type %s".formatted(spec.name, spec.type);
    if (answer.log().isBlank()) {
      if ((e.is(Errno.EINVAL) || e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOTSUPP))
          && !Support.program(spec.type)) {
        return new UnavailableException(
            "cannot %s: this kernel (%s) has no such programs".formatted(toDo, release()),
            "use Linux %s or newer, with the kernel's options for it"
                .formatted(Support.since(spec.type)),
            e);
      }
      if (spec.type == ProgramType.TRACING
          && (e.is(Errno.EPERM) || e.is(Errno.ENOTSUPP))
          && Privileges.of(KernelFiles.ofThisMachine()).perfmon()) {
        return new UnavailableException(
            "cannot %s: this kernel (%s) does not let BPF programs enter its functions"
                .formatted(toDo, release()),
            "use a tracepoint (tp_btf, raw_tp, tp), or a kernel with"
                + " CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS",
            e);
      }
      return e.is(Errno.EINVAL)
          ? new BadDataException(
              "cannot %s: the kernel refuses it before looking at the instructions: %s"
                  .formatted(toDo, "type, attach type, flags or what it shall attach to"),
              null,
              e)
          : of(toDo, e);
    }
    VerifierRefusal refusal = VerifierRefusal.of(answer.log());
    StringBuilder message = new StringBuilder(120);
    message.append(
        "the kernel's verifier refuses program '%s' (%s): %s"
            .formatted(
                spec.name,
                spec.type.name().toLowerCase(Locale.ROOT),
                refusal.reason().isEmpty() ? e.errno() : refusal.reason()));
    refusal
        .instruction()
        .ifPresent(i -> {
          message.append("\n  at instruction ").append(i).append(": ");
          message.append(refusal.instructionText());
          spec.sourceOf(i)
              .or(refusal::source)
              .ifPresent(s -> message.append("\n  source: ").append(s));
        });
    message.append("\n  the verifier's last lines:\n").append(refusal.end().indent(4));
    return new BadDataException(
        message.toString().stripTrailing(),
        "the register states above the last line say what the verifier could not know",
        refusal);
  }

  static WhatifException ofPin(KernelMap map, Path file, int result) {
    LinuxException e = Bpf.failure(BpfCommand.BPF_OBJ_PIN, result);
    return e.is(Errno.ENOENT) || e.is(Errno.EINVAL) || e.is(Errno.EPERM)
        ? new UnavailableException(
            "cannot pin %s as %s: that is no folder of a BPF file system".formatted(map, file),
            "as root: mount -t bpf bpf /sys/fs/bpf",
            e)
        : of("pin %s as %s".formatted(map, file), e);
  }

  static WhatifException ofEvent(KernelProgram program, String place, LinuxException e) {
    String toDo = "attach %s to %s".formatted(program, place);
    if (e.is(Errno.ENOENT) || e.is(Errno.EINVAL)) {
      return new UnavailableException(
          "cannot %s: there is no such place, or it is not one for such programs".formatted(toDo),
          "check the file, the offset and the program's type",
          e);
    }
    if (e.is(Errno.ENOTSUPP) || e.is(Errno.EOPNOTSUPP)) {
      // arch_uprobe_analyze_insn: a lock prefix, for example, which is how atomic counters begin
      return new UnavailableException(
          "cannot %s: the kernel puts no probe on the instruction there".formatted(toDo),
          "name a place beside it: a line of the function, or another function",
          e);
    }
    if (e.is(Errno.ESRCH)) {
      return new TargetLostException("cannot %s: the process has ended".formatted(toDo), null, e);
    }
    if (e.is(Errno.EACCES)) {
      return new UnavailableException(
          "not permitted to %s: perf_event_paranoid forbids it".formatted(toDo),
          "run as root, or with CAP_BPF and CAP_PERFMON",
          e);
    }
    return of(toDo, e);
  }

  static WhatifException ofTestRun(KernelProgram program, int result) {
    LinuxException e = Bpf.failure(BpfCommand.BPF_PROG_TEST_RUN, result);
    if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOTSUPP)) {
      return new UnavailableException(
          "this kernel has no test run for programs of type " + program.type(),
          "attach it instead, or run it in user space",
          e);
    }
    if (e.is(Errno.EINVAL)) {
      return new BadDataException(
          "the kernel refuses the input of a test run of " + program,
          "packets have at least 14 bytes; repeat, data and context are not for every type"
              + " (https://docs.kernel.org/bpf/bpf_prog_run.html)",
          e);
    }
    return of("run " + program, e);
  }

  private static WhatifException notPermitted(String toDo, LinuxException e) {
    long locked = Resource.getrlimit(Resource.RLIMIT_MEMLOCK).effective();
    return notPermitted(toDo, e, KernelFiles.ofThisMachine(), locked, release());
  }

  /**
   * Why.
   *
   * @param locked bytes of RLIMIT_MEMLOCK
   * @param release such as {@code Linux 5.10.0-28-amd64}
   */
  static WhatifException notPermitted(
      String toDo, LinuxException e, KernelFiles files, long locked, String release) {
    Privileges mine = Privileges.of(files);
    if (!mine.bpf()) {
      String disabled =
          files.text("/proc/sys/kernel/unprivileged_bpf_disabled").orElse("0").equals("0")
              ? ""
              : " (kernel.unprivileged_bpf_disabled is set)";
      return new UnavailableException(
          "not permitted to " + toDo + ": CAP_BPF is missing" + disabled,
          "run as root, or with CAP_BPF and, for tracing, CAP_PERFMON",
          e);
    }
    if (!mine.perfmon()) {
      return new UnavailableException(
          "not permitted to " + toDo + ": CAP_PERFMON is missing",
          "run as root, or with CAP_BPF and CAP_PERFMON",
          e);
    }
    if (locked != Long.MAX_VALUE && beforeMemoryControlGroups(release)) {
      return new UnavailableException(
          "not permitted to %s: before Linux 5.11 maps count as locked memory, and the limit is %d"
                  .formatted(toDo, locked)
              + " bytes",
          MEMLOCK,
          e);
    }
    return new UnavailableException(
        "not permitted to " + toDo,
        "some types need CAP_NET_ADMIN or CAP_SYS_ADMIN as well; in a container or under kernel"
            + " lockdown even root may not",
        e);
  }

  private static boolean beforeMemoryControlGroups(String release) {
    Matcher version = RELEASE.matcher(release);
    if (!version.matches()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major < 5 || major == 5 && Integer.parseInt(version.group(2)) < 11;
  }

  private static String release() {
    return "Linux " + System.getProperty("os.version");
  }
}
