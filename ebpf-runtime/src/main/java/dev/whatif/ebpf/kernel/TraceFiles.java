package dev.whatif.ebpf.kernel;

import dev.whatif.core.capability.KernelFiles;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Mount;
import dev.whatif.core.linux.Unistd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** Numbers that the kernel gives out in files: of tracepoints and of perf's event sources. */
final class TraceFiles {

  private static final KernelFiles FILES = KernelFiles.ofThisMachine();
  private static final List<String> MOUNTED =
      List.of("/sys/kernel/tracing", "/sys/kernel/debug/tracing");

  private TraceFiles() {}

  /** The number of a tracepoint, as perf_event_open wants it. */
  static int tracepoint(String category, String name) {
    String file = "/events/" + category + "/" + name + "/id";
    return inTracefs(root -> {
      OptionalLong id = FILES.number(root + file);
      if (id.isEmpty()) {
        throw new UnavailableException(
            "this kernel has no tracepoint %s/%s".formatted(category, name),
            "list them with: ls /sys/kernel/tracing/events (mount -t tracefs tracefs"
                + " /sys/kernel/tracing)");
      }
      return (int) id.getAsLong();
    });
  }

  /** The type number of a source of perf events. */
  static int eventSource(String name) {
    return (int)
        FILES
            .number("/sys/bus/event_source/devices/" + name + "/type")
            .orElseThrow(() ->
                new UnavailableException(
                    "this kernel has no " + name + "s", "use a kernel with CONFIG_UPROBE_EVENTS"));
  }

  /** Where tracefs is mounted; where it is not, a private mount for as long as it is needed. */
  private static <T> T inTracefs(Function<String, T> reading) {
    for (String root : MOUNTED) {
      if (Files.isDirectory(Path.of(root, "events"))) {
        return reading.apply(root);
      }
    }
    int fd;
    try {
      fd = Mount.detached("tracefs");
    } catch (LinuxException e) {
      throw new UnavailableException(
          "cannot look up tracepoints: tracefs is not mounted or not readable",
          "as root: mount -t tracefs tracefs /sys/kernel/tracing",
          e);
    }
    try {
      return reading.apply("/proc/self/fd/" + fd);
    } finally {
      Unistd.close(fd);
    }
  }
}
