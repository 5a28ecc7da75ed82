package dev.whatif.samples.redis;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.NeededLibraries;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Dlfcn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A redis-server that can run here.
 *
 * @param file the executable
 * @param carried whether it is the one that whatif brings along; else it was found on the PATH
 */
record RedisProgram(Path file, boolean carried) {

  /** Named after the version it was first cut from; it reports 6.2.11. */
  private static final String RESOURCE = "redis-server-6.2.6-v5-linux-amd64";

  /**
   * The carried one, unpacked into a folder, or the installed one where the carried one lacks a
   * library.
   *
   * @throws UnavailableException when neither can run; says what to install
   */
  static RedisProgram find(Path folder) {
    Path unpacked = unpack(folder.resolve("redis-server"));
    List<String> missing = missing(unpacked);
    if (missing.isEmpty()) {
      return new RedisProgram(unpacked, true);
    }
    return installed(System.getenv().getOrDefault("PATH", ""))
        .map(file -> new RedisProgram(file, false))
        .orElseThrow(() ->
            new UnavailableException(
                "the redis-server of the demo needs "
                    + String.join(" and ", missing)
                    + ", and no redis-server is installed",
                "install OpenSSL 3 (package libssl3) or Redis (package redis-server)"));
  }

  /** What the loader would not find for a program: libraries, or itself. */
  static List<String> missing(Path program) {
    try (ElfFile file = ElfFile.open(program)) {
      Optional<String> loader = NeededLibraries.loader(file);
      if (loader.isPresent() && !Files.exists(Path.of(loader.get()))) {
        return List.of(loader.get());
      }
      return NeededLibraries.of(file).stream().filter(name -> !Dlfcn.canLoad(name)).toList();
    }
  }

  /** The first redis-server in a list of folders separated by colons. */
  static Optional<Path> installed(String path) {
    for (String folder : path.split(":")) {
      Path file = Path.of(folder, "redis-server");
      if (!folder.isEmpty() && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static Path unpack(Path file) {
    // The artifact has no classes that are used here: its module is found by the name of the
    // resource.
    try (InputStream in = ClassLoader.getSystemResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("embedded-redis is not on the module path");
      }
      Files.copy(in, file);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack redis-server to " + file, e);
    }
  }
}
