package dev.whatif.testing;

import dev.whatif.core.linux.Sysctl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** Something that a test needs and that not every machine has. */
public enum Requirement {
  ROOT("must run as root", () -> "root".equals(System.getProperty("user.name"))),
  GCC("gcc must be installed", () -> onPath("gcc")),
  GXX("g++ must be installed", () -> onPath("g++")),
  CLANG("clang must be installed", () -> onPath("clang")),
  CLANG_14("clang-14 must be installed", () -> onPath("clang-14")),
  CLANG_19("clang-19 must be installed", () -> onPath("clang-19")),
  LLVM(
      "llvm's tools (llvm-addr2line, llvm-dwp) must be installed",
      () -> onPath("llvm-addr2line") && onPath("llvm-dwp")),
  LLVM_14("llvm-14's tools must be installed", () -> onPath("llvm-objdump-14")),
  LLVM_19("llvm-19's tools must be installed", () -> onPath("llvm-objdump-19")),
  RUSTC("rustc must be installed", () -> onPath("rustc")),
  GDB("gdb must be installed", () -> onPath("gdb")),
  PERF("perf must be installed", () -> onPath("perf")),
  BINUTILS(
      "binutils (objdump, readelf, addr2line, objcopy, strip) must be installed",
      () -> onPath("readelf")),
  COZ(
      "Coz (coz-profiler) must be installed",
      () -> onPath("coz") && Files.exists(Path.of("/usr/include/coz.h"))),
  SQLITE_LIBRARY(
      "SQLite's static library (libsqlite3-dev) must be installed",
      () -> onPath("gcc") && Files.exists(Path.of("/usr/include/sqlite3.h"))),
  SQLITE("sqlite3 must be installed", () -> onPath("sqlite3")),
  SETPRIV("setpriv and prlimit (util-linux) must be installed", () -> onPath("setpriv")),
  SCRIPT("script (bsdutils or util-linux-script) must be installed", () -> onPath("script")),
  CGROUPS("control groups must be writable", () -> Cgroups.root().isPresent()),
  DWZ("dwz must be installed", () -> onPath("dwz")),
  LIBC_DEBUG(
      "libc's debug files (libc6-dbg) must be installed, of libc6's own version",
      Requirement::libcDebug),
  MUSL("musl-gcc (musl-tools) must be installed", () -> onPath("musl-gcc")),
  GO("go (golang) must be installed", () -> Files.isExecutable(goCommand())),
  COZ_VIEWER(
      "node and the viewer of coz-profiler must be installed",
      () ->
          onPath("node")
              && Files.isRegularFile(Path.of("/usr/share/coz-profiler/viewer/js/profile.js"))),
  PYTHON("python3 must be installed", () -> onPath("python3")),
  OLDER_JDK("Java 17 must be installed under /usr/lib/jvm", Requirement::olderJdk),
  NAMESPACES("unshare (util-linux) must be installed", () -> onPath("unshare")),
  XZ("xz must be installed", () -> onPath("xz")),
  BPFTOOL("bpftool must be installed", () -> onPath("bpftool")),
  LIBBPF(
      "libbpf's headers (libbpf-dev) must be installed",
      () -> Files.exists(Path.of("/usr/include/bpf/libbpf.h"))),
  KERNEL_BTF(
      "the kernel must show its types in /sys/kernel/btf/vmlinux",
      () -> Files.isReadable(Path.of("/sys/kernel/btf/vmlinux"))),
  PERF_EVENTS("perf_event_paranoid must be 2 or lower, or root", Requirement::perfEvents),
  BPF(
      "the kernel must tell its types (/sys/kernel/btf/vmlinux) and bpftool and clang be installed",
      () ->
          Files.isReadable(Path.of("/sys/kernel/btf/vmlinux"))
              && onPath("bpftool")
              && onPath("clang")),
  KERNEL_SYMBOLS("/proc/kallsyms must show addresses", Requirement::kernelSymbols);

  private final String sentence;
  private final BooleanSupplier met;

  Requirement(String sentence, BooleanSupplier met) {
    this.sentence = sentence;
    this.met = met;
  }

  /** What is missing, as a sentence. */
  public String sentence() {
    return sentence;
  }

  /** Whether this machine and user have it. */
  public boolean isMet() {
    return met.getAsBoolean();
  }

  private static boolean onPath(String tool) {
    for (String dir : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(dir, tool))) {
        return true;
      }
    }
    return false;
  }

  /** Debian's packages of one version (golang-1.19) put no link on the PATH. */
  public static Path goCommand() {
    for (String dir : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(dir, "go"))) {
        return Path.of(dir, "go");
      }
    }
    try (var folders = Files.newDirectoryStream(Path.of("/usr/lib"), "go-1.*")) {
      for (Path folder : folders) {
        if (Files.isExecutable(folder.resolve("bin/go"))) {
          return folder.resolve("bin/go");
        }
      }
    } catch (IOException e) {
      return Path.of("go"); // nowhere
    }
    return Path.of("go");
  }

  private static boolean olderJdk() {
    try (var folders = Files.newDirectoryStream(Path.of("/usr/lib/jvm"), "*-17-*")) {
      for (Path folder : folders) {
        if (Files.isExecutable(folder.resolve("bin/java"))) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  private static boolean libcDebug() {
    try {
      return Files.exists(Programs.libcDebugFile());
    } catch (UncheckedIOException | NoSuchElementException e) {
      return false;
    }
  }

  private static boolean perfEvents() {
    OptionalLong level = Sysctl.number("kernel.perf_event_paranoid");
    return level.isPresent() && (level.getAsLong() <= 2 || ROOT.isMet());
  }

  private static boolean kernelSymbols() {
    try (var lines = Files.lines(Path.of("/proc/kallsyms"))) {
      return lines.limit(20).anyMatch(l -> !l.startsWith("0000000000000000"));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }
}
