package dev.whatif.ebpf.proof;

import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The target written in Java, compiled for 17 so that JVMs old and new run it. */
final class JvmProgram {

  private JvmProgram() {}

  /** The folder of its classes. */
  static synchronized Path compiled() {
    Path source = Path.of("src", "test", "jvm", "Work.java").toAbsolutePath();
    Path classes = Programs.folder("jvm-classes");
    Programs.run(
        own().resolveSibling("javac").toString(),
        "--release",
        "17",
        "-d",
        classes.toString(),
        source.toString());
    return classes;
  }

  /** This JVM's own launcher. */
  static Path own() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Java 17, where Debian installs it. */
  static Path older() {
    try (Stream<Path> folders = Files.list(Path.of("/usr/lib/jvm"))) {
      return folders
          .filter(f -> f.getFileName().toString().contains("-17-"))
          .map(f -> f.resolve("bin/java"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
