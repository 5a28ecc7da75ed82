package dev.whatif.ebpf.kernel;

import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.testing.KernelHeader;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Objects compiled from {@code src/test/bpf} for the running kernel. */
final class KernelObjects {

  private KernelObjects() {}

  static BpfObject object(String source) {
    return BpfObject.open(file(source));
  }

  static Path file(String source) {
    return BpfSource.once(
        "clang",
        BpfSource.file(source),
        Programs.folder("kernel-objects").resolve(source + ".bpf.o"),
        "-D__TARGET_ARCH_x86",
        "-Wno-unknown-attributes",
        "-I" + KernelHeader.folder());
  }

  /** Whether libbpf, in bpftool, brings an object into this kernel; nothing of it stays. */
  static boolean libbpfLoads(String source) {
    String script =
        "mount -t bpf bpf /sys/fs/bpf && bpftool prog loadall %s /sys/fs/bpf/whatif >/dev/null 2>&1"
                .formatted(file(source))
            + " && echo loaded || echo refused";
    return Programs.run("unshare", "--mount", "sh", "-c", script).contains("loaded");
  }

  /** How many of this process's descriptors are the kernel's BPF objects. */
  static long openDescriptors() {
    try (var fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.filter(KernelObjects::isBpf).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isBpf(Path fd) {
    try {
      String target = Files.readSymbolicLink(fd).toString();
      return target.contains("bpf") || target.contains("btf") || target.contains("perf_event");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
