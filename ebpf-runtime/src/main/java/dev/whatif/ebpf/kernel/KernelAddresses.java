package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Addresses of the kernel's symbols by name: {@code /proc/kallsyms}, read when asked. */
final class KernelAddresses {

  private final Path file;

  /** Of the running kernel. */
  KernelAddresses() {
    this(Path.of("/proc/kallsyms"));
  }

  KernelAddresses(Path file) {
    this.file = file;
  }

  /**
   * Empty when there is no such symbol.
   *
   * @throws UnavailableException when this user may not know where it is
   */
  Optional<Long> of(String symbol) {
    // ADDRESS TYPE NAME [MODULE]
    try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      Optional<Long> address =
          lines
              .filter(l -> l.contains(symbol)) // there are hundreds of thousands
              .map(l -> l.split("[ \t]", 4))
              .filter(l -> l.length >= 3 && l[2].equals(symbol))
              .map(l -> Long.parseUnsignedLong(l[0], 16))
              .findFirst();
      if (address.isPresent() && address.get() == 0) {
        throw hidden(symbol, new IOException("its address is shown as 0"));
      }
      return address;
    } catch (IOException | UncheckedIOException e) {
      throw hidden(symbol, e);
    }
  }

  private static UnavailableException hidden(String symbol, Throwable cause) {
    return new UnavailableException(
        "this user may not know where the kernel's symbol '" + symbol + "' is",
        "run as root with: sysctl kernel.kptr_restrict=1",
        cause);
  }
}
