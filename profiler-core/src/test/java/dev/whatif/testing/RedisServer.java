package dev.whatif.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The real redis-server (6.2, with DWARF 5) that the artifact embedded-redis carries. */
public final class RedisServer {

  private static final String RESOURCE = "redis-server-6.2.6-v5-linux-amd64";

  private RedisServer() {}

  /** The executable file, unpacked once. */
  public static Path program() {
    Path file = Programs.folder("redis").resolve("redis-server");
    if (Files.exists(file)) {
      return file;
    }
    try (InputStream in = ClassLoader.getSystemResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new AssertionError(RESOURCE + " is not on the class path");
      }
      Path temporary = Files.createTempFile(file.getParent(), "unpacking", "");
      Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      temporary.toFile().setExecutable(true);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
