package dev.whatif.core.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Kernel, CPUs, load, Java, container. */
final class MachineFindings {

  private static final double BUSY = 0.7;

  private MachineFindings() {}

  static List<Capability> of(KernelFiles files) {
    List<Capability> rows = new ArrayList<>();
    rows.add(kernel(files));
    rows.add(java());
    rows.add(load(files));
    rows.add(container(files));
    return rows;
  }

  private static Capability kernel(KernelFiles files) {
    String release = files.text("/proc/sys/kernel/osrelease").orElse("unknown");
    String arch = System.getProperty("os.arch");
    String need = "everything";
    if (!"amd64".equals(arch)) {
      return Capability.unavailable(
          "kernel", "Linux " + release + " on " + arch, "use an x86-64 machine", need);
    }
    return Capability.ok("kernel", "Linux " + release + ", x86-64", need).with("release", release);
  }

  private static Capability java() {
    Runtime.Version version = Runtime.version();
    String finding = "Java " + version + " (" + System.getProperty("java.vendor") + ")";
    Capability row =
        version.feature() >= 25
            ? Capability.ok("java", finding, "whatif itself")
            : Capability.unavailable("java", finding, "install JDK 25", "whatif itself");
    return row.with("feature", version.feature());
  }

  private static Capability load(KernelFiles files) {
    int cpus = Runtime.getRuntime().availableProcessors();
    double load = 0;
    String[] averages = files.text("/proc/loadavg").orElse("0").split(" ", -1);
    try {
      load = Double.parseDouble(averages[0]);
    } catch (NumberFormatException e) {
      // As if idle: the kernel always writes a number here.
    }
    String finding =
        String.format(Locale.ROOT, "%d CPUs, load %.1f in the last minute", cpus, load);
    Capability row =
        load / cpus <= BUSY
            ? Capability.ok("load", finding, "timing")
            : Capability.degraded(
                "load", finding, "measure again when the machine is quiet", "timing");
    return row.with("cpus", cpus).with("load", load);
  }

  private static Capability container(KernelFiles files) {
    String kind = "";
    if (files.exists("/.dockerenv")) {
      kind = "Docker";
    } else if (files.exists("/run/.containerenv")) {
      kind = "Podman";
    } else if (files.text("/proc/1/environ").orElse("").contains("container=")) {
      kind = "a container";
    } else if (files.text("/proc/1/cgroup").orElse("").contains("kubepods")) {
      kind = "Kubernetes";
    }
    String need = "seeing processes by their pids";
    if (kind.isEmpty()) {
      return Capability.ok("container", "none found", need).with("container", false);
    }
    return Capability.degraded(
            "container",
            "inside " + kind + ": only its own processes are visible",
            "to look at others, run whatif on the host (or with --pid=host)",
            need)
        .with("container", true);
  }
}
