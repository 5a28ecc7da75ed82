package dev.whatif.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code vmlinux.h}: every type of the running kernel as C, written by bpftool from its BTF. */
public final class KernelHeader {

  private KernelHeader() {}

  /** The folder it lies in, for {@code -I}; written once per checkout and kernel. */
  public static Path folder() {
    try {
      String kernel = System.getProperty("os.version");
      Path folder = Programs.folder("kernel-header-" + kernel);
      Path header = folder.resolve("vmlinux.h");
      if (!Files.exists(header)) {
        Path temporary = Files.createTempFile(folder, "writing", "");
        String btf = "/sys/kernel/btf/vmlinux";
        Files.writeString(
            temporary, Programs.run("bpftool", "btf", "dump", "file", btf, "format", "c"));
        Files.move(temporary, header, StandardCopyOption.ATOMIC_MOVE);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
