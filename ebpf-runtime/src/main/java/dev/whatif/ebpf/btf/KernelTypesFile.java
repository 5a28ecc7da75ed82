package dev.whatif.ebpf.btf;

import dev.whatif.core.failure.UnavailableException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file in which a kernel shows its types, parsed once per process. */
final class KernelTypesFile {

  private static @Nullable Btf parsed;

  private KernelTypesFile() {}

  /** Those of the running kernel. */
  static synchronized Btf parsed() {
    Btf btf = parsed;
    if (btf == null) {
      btf = read(Btf.KERNEL);
      parsed = btf;
    }
    return btf;
  }

  /** A kernel's types from where it shows them; read anew. */
  static Btf read(Path file) {
    try {
      return Btf.parse(file.toString(), Files.readAllBytes(file));
    } catch (AccessDeniedException e) {
      throw new UnavailableException(
          "the kernel's types cannot be read: " + file + ": permission denied",
          "run as a user who may read it",
          e);
    } catch (IOException e) {
      throw new UnavailableException(
          "this kernel does not show its types: " + file + " cannot be read",
          "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y",
          e);
    }
  }
}
