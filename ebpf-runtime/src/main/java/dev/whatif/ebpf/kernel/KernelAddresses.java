package dev.whatif.ebpf.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Addresses of the kernel's symbols by name: {@code /proc/kallsyms}, read when asked. */
final class KernelAddresses {

  private static final Path FILE = Path.of("/proc/kallsyms");

  /** Empty when there is no such symbol, or this user may not know. */
  Optional<Long> of(String symbol) {
    // ADDRESS TYPE NAME [MODULE]
    try (var lines = Files.lines(FILE)) {
      return lines
          .map(l -> l.split("[ \t]", 4))
          .filter(l -> l.length >= 3 && l[2].equals(symbol))
          .map(l -> Long.parseUnsignedLong(l[0], 16))
          .filter(a -> a != 0)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
