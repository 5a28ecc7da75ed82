package dev.whatif.samples.truth;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SpawnHeader;
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
import java.util.stream.Stream;

/**
 * A temporary folder in which sources of this package become programs; {@link #close()} deletes it
 * with everything in it. A program is compiled once. For one thread.
 *
 * <p>Programs keep their debug information and the name of their sources' folder. All are built
 * with {@code -O2 -g}, as what users measure is.
 */
public final class Workshop implements AutoCloseable {

  private static final List<String> HEADERS = List.of("truth.h", "queue.h");

  private static final Duration COMPILER_PATIENCE = Duration.ofMinutes(2);

  private final Path folder;

  private Workshop(Path folder) {
    this.folder = folder;
  }

  /** An empty one. */
  public static Workshop open() {
    try {
      Workshop workshop = new Workshop(Files.createTempDirectory("whatif-truth-"));
      HEADERS.forEach(workshop::unpack);
      return workshop;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder for programs", e);
    }
  }

  /** Why a program cannot be compiled here, or empty. */
  public static Optional<String> missing(TruthProgram program) {
    return missing(compiler(program));
  }

  static Optional<String> missing(String tool) {
    for (String entry : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (!entry.isEmpty() && Files.isExecutable(Path.of(entry, tool))) {
        return Optional.empty();
      }
    }
    return Optional.of(tool + " is not installed");
  }

  /** The line of a source that carries the mark of region X, from 1. */
  static int regionLine(String source) {
    List<String> lines = text(source).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).endsWith("// region")) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException(source + " marks no line as its region");
  }

  /**
   * The place of region X in the sources of a program, as {@code FILE:LINE}: the loop itself, for
   * profilers that know lines only.
   */
  public static String regionLine(TruthProgram program) {
    String source = program.source().equals("library.c") ? "region.c" : program.source();
    if (!text(source).contains("// region")) {
      source = "truth.h";
    }
    return source + ":" + regionLine(source);
  }

  /** Starts a program. */
  public TruthProcess start(TruthProgram program, double scale, double seconds) {
    return TruthProcess.start(compiled(program), program, scale, seconds, List.of());
  }

  /**
   * The executable of a program.
   *
   * @throws UnavailableException when there is no compiler or it refuses; says what to install
   */
  public Path compiled(TruthProgram program, String... flags) {
    if (program.source().equals("library.c")) {
      compile("gcc", "region.c", folder.resolve("region.so"), List.of("-shared", "-fPIC"));
    }
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("-pthread");
    String name = program.source().replaceFirst("\\.cc?$", "");
    String suffix = flags.length == 0 ? "" : "-" + Integer.toHexString(all.hashCode());
    return compile(compiler(program), program.source(), folder.resolve(name + suffix), all);
  }

  private static String compiler(TruthProgram program) {
    return program.isCxx() ? "g++" : "gcc";
  }

  /** Compiles a source of this package; libraries among the flags follow it. */
  Path compile(String compiler, String source, Path executable, List<String> flags) {
    if (Files.exists(executable)) {
      return executable;
    }
    Optional<String> missing = missing(compiler);
    if (missing.isPresent()) {
      throw new UnavailableException(
          missing.get(), "install it, for example with: apt install " + compiler + " libc6-dev");
    }
    unpack(source);
    List<String> command = new ArrayList<>(List.of(compiler, "-O2", "-g"));
    flags.stream().filter(f -> !f.startsWith("-l")).forEach(command::add);
    command.addAll(List.of("-o", executable.toString(), folder.resolve(source).toString()));
    flags.stream().filter(f -> f.startsWith("-l")).forEach(command::add);
    command.add("-ldl"); // part of the C library only since glibc 2.34
    Path log = folder.resolve("compiler.log");
    Spawn running = Spawn.running(command, new SpawnHeader.Files(List.of(), log.toString()));
    long deadline = System.nanoTime() + COMPILER_PATIENCE.toNanos();
    while (running.running() && System.nanoTime() < deadline) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    var end = running.stop(Duration.ZERO);
    if (!end.exited() || end.exitStatus() != 0) {
      throw new UnavailableException(
          compiler + " does not compile " + source + ": " + firstError(log),
          "install a C library for developers, for example with: apt install libc6-dev");
    }
    return executable;
  }

  Path folder() {
    return folder;
  }

  private void unpack(String resource) {
    try {
      Files.writeString(folder.resolve(resource), text(resource));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String resource) {
    try (InputStream in = Workshop.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no source " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
