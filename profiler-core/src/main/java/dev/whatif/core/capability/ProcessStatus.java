package dev.whatif.core.capability;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.process.TaskStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /proc/PID/status} (Documentation/filesystems/proc.rst, table 1-2).
 *
 * @param pid as the kernel counts here
 * @param status its fields
 */
record ProcessStatus(int pid, TaskStatus status) {

  /**
   * Reads it.
   *
   * @throws TargetLostException when there is no such process, or only a thread or a zombie of that
   *     number
   */
  static ProcessStatus of(KernelFiles files, int pid) {
    ProcessStatus status = new ProcessStatus(pid, read(files, "/proc/" + pid + "/status"));
    if (status.status.fields().isEmpty()) {
      throw new TargetLostException(
          "there is no process " + pid,
          "list processes with: ps -e  (a container's processes have other numbers outside of it)");
    }
    if (status.number("Tgid") != pid) {
      throw new TargetLostException(
          "%d is not a process but a thread of process %d (%s)"
              .formatted(pid, status.number("Tgid"), status.name()),
          "use --pid " + status.number("Tgid"));
    }
    if (status.text("State").startsWith("Z")) {
      throw new TargetLostException(
          "process %d (%s) has ended and only waits for its parent %s to notice (zombie)"
              .formatted(pid, status.name(), status.text("PPid")));
    }
    return status;
  }

  /** The threads that are there this moment; one that ends meanwhile is left out. */
  static List<ProcessStatus> ofThreads(KernelFiles files, int pid) {
    List<ProcessStatus> threads = new ArrayList<>();
    for (int tid : files.numbers("/proc/" + pid + "/task")) {
      TaskStatus status = read(files, "/proc/%d/task/%d/status".formatted(pid, tid));
      if (!status.fields().isEmpty()) {
        threads.add(new ProcessStatus(tid, status));
      }
    }
    return threads;
  }

  private static TaskStatus read(KernelFiles files, String file) {
    return TaskStatus.parse(files.text(file).orElse(""));
  }

  String text(String key) {
    return status.text(key);
  }

  /** The first number of a field; -1 when there is none. */
  long number(String key) {
    return status.number(key);
  }

  /** A set of signals: bit N - 1 is signal N; empty when the kernel does not show it. */
  long signals(String key) {
    try {
      return Long.parseUnsignedLong(text(key), 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** It has no memory of its own. */
  boolean isKernelThread(KernelFiles files) {
    return "1".equals(text("Kthread"))
        || (text("VmSize").isEmpty() && !files.exists("/proc/" + pid + "/exe"));
  }

  String name() {
    return text("Name");
  }

  long realUser() {
    return number("Uid");
  }

  /** Its number in the innermost pid namespace it lives in. */
  String innermostPid() {
    String all = text("NSpid");
    return all.substring(all.lastIndexOf('\t') + 1);
  }

  boolean isInPidNamespace() {
    return text("NSpid").contains("\t");
  }
}
