package dev.whatif.samples.program;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import dev.whatif.core.process.Spawn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A temporary folder in which sources become programs; {@link #close()} deletes it with everything
 * in it. A program is compiled once. For one thread.
 *
 * <p>Programs are built with {@code -O2 -g}, as what users measure is.
 */
public final class SourceFolder implements AutoCloseable {

  private static final Duration COMPILER_PATIENCE = Duration.ofMinutes(2);

  private final Path path;

  private SourceFolder(Path path) {
    this.path = path;
  }

  /** An empty one, whose name begins like that. */
  public static SourceFolder open(String prefix) {
    try {
      return new SourceFolder(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder for programs", e);
    }
  }

  /** Why a compiler cannot be used here, or empty. */
  public static Optional<String> missing(String compiler) {
    for (String entry : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (!entry.isEmpty() && Files.isExecutable(Path.of(entry, compiler))) {
        return Optional.empty();
      }
    }
    return Optional.of(compiler + " is not installed");
  }

  /** The text of a source beside a class. */
  public static String text(Class<?> owner, String source) {
    try (InputStream in = owner.getResourceAsStream(source)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no source " + source);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Puts a source that stands beside a class into the folder. */
  public Path unpack(Class<?> owner, String source) {
    try {
      return Files.writeString(path.resolve(source), text(owner, source));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compiles a source of the folder, unless that was done before.
   *
   * @param compiler {@code gcc} or {@code g++}
   * @param source its file in the folder
   * @param name of the program, in the folder
   * @param flags libraries among them ({@code -l...}, {@code ....a}) follow the source
   * @return the program
   * @throws UnavailableException when there is no compiler or it refuses; says what to install
   */
  public Path compile(String compiler, String source, String name, List<String> flags) {
    Path program = path.resolve(name);
    if (Files.exists(program)) {
      return program;
    }
    Optional<String> missing = missing(compiler);
    if (missing.isPresent()) {
      throw new UnavailableException(
          missing.get(), "install it, for example with: apt install " + compiler + " libc6-dev");
    }
    List<String> command = new ArrayList<>(List.of(compiler, "-O2", "-g", "-pthread"));
    flags.stream().filter(f -> !isLibrary(f)).forEach(command::add);
    command.addAll(List.of("-o", program.toString(), path.resolve(source).toString()));
    flags.stream().filter(SourceFolder::isLibrary).forEach(command::add);
    command.add("-ldl"); // part of the C library only since glibc 2.34
    run(command, source);
    return program;
  }

  private static boolean isLibrary(String flag) {
    return flag.startsWith("-l") || flag.endsWith(".a");
  }

  private void run(List<String> command, String source) {
    Path log = path.resolve("compiler.log");
    Spawn running = Spawn.running(command, new SpawnHeader.Files(List.of(), log.toString()));
    long deadline = System.nanoTime() + COMPILER_PATIENCE.toNanos();
    while (running.running() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
    }
    Wait.Status end = running.stop(Duration.ZERO);
    if (!end.exited() || end.exitStatus() != 0) {
      throw new UnavailableException(
          command.getFirst() + " does not compile " + source + ": " + firstError(log),
          "install the headers that it needs; for the C library: apt install libc6-dev");
    }
  }

  private static String firstError(Path log) {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(l -> l.contains("error")).findFirst().orElse("it does not say why");
    } catch (IOException e) {
      return "it does not say why";
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
