package dev.whatif.core.capability;

import dev.whatif.core.failure.TargetLostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code /proc/PID/status} (Documentation/filesystems/proc.rst, table 1-2).
 *
 * @param pid as the kernel counts here
 * @param fields values by key
 */
record ProcessStatus(int pid, Map<String, String> fields) {

  /**
   * Reads it.
   *
   * @throws TargetLostException when there is no such process, or only a thread or a zombie of that
   *     number
   */
  static ProcessStatus of(KernelFiles files, int pid) {
    Map<String, String> fields = fields(files, "/proc/" + pid + "/status");
    ProcessStatus status = new ProcessStatus(pid, fields);
    if (fields.isEmpty()) {
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
      Map<String, String> fields = fields(files, "/proc/%d/task/%d/status".formatted(pid, tid));
      if (!fields.isEmpty()) {
        threads.add(new ProcessStatus(tid, fields));
      }
    }
    return threads;
  }

  private static Map<String, String> fields(KernelFiles files, String file) {
    Map<String, String> fields = new TreeMap<>();
    files
        .text(file)
        .ifPresent(t ->
            t.lines()
                .forEach(l -> {
                  int colon = l.indexOf(':');
                  if (colon > 0) {
                    fields.put(l.substring(0, colon), l.substring(colon + 1).strip());
                  }
                }));
    return fields;
  }

  String text(String key) {
    return fields.getOrDefault(key, "");
  }

  /** The first number of a field; -1 when there is none. */
  long number(String key) {
    String first = text(key).split("\\s+", 2)[0];
    try {
      return Long.parseLong(first);
    } catch (NumberFormatException e) {
      return -1;
    }
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
