package dev.whatif.core.dwarf;

import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** The redis-server with DWARF 5 that the artifact embedded-redis carries. */
final class RedisServer {

  private static final String NAME = "redis-server-6.2.6-v5-linux-amd64";

  private RedisServer() {}

  /** The program, unpacked once. */
  static Path file() {
    Path file = Programs.folder("dwarf").resolve(NAME);
    if (!Files.exists(file)) {
      try (InputStream in =
          Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(NAME), NAME)) {
        Path temporary = Files.createTempFile(file.getParent(), "redis", "");
        Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return file;
  }
}
