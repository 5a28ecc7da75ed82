package dev.whatif.samples.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An unpacked distribution.
 *
 * @param home the folder that the archive holds
 */
record Installation(Path home) {

  /** Unpacks the archive into a new folder with a blank in its name, readable by everybody. */
  static Installation unpacked() {
    try (Stream<Path> files = Files.list(Path.of("..", "target"))) {
      List<Path> archives = files.filter(f -> f.toString().endsWith(".tar.gz")).toList();
      if (archives.size() != 1) {
        throw new AssertionError("expected one archive in target/: " + archives);
      }
      Path folder = Files.createTempDirectory("whatif install ");
      Programs.run("chmod", "755", folder.toString());
      Programs.run("tar", "-xzf", archives.getFirst().toString(), "-C", folder.toString());
      try (Stream<Path> inside = Files.list(folder)) {
        return new Installation(inside.findFirst().orElseThrow());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes it. */
  void delete() {
    Programs.run("rm", "-rf", home.getParent().toString());
  }

  Path launcher() {
    return home.resolve("whatif");
  }

  /** How a process ended and what it said. */
  record Result(int exit, String out, String err) {}

  /** Runs its launcher to the end. */
  Result run(Path workingFolder, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return await(start(workingFolder, environment, command));
  }

  /**
   * Starts a command in a process group of its own, as a shell with job control does; its output is
   * collected in files.
   */
  static Running start(Path workingFolder, Map<String, String> environment, List<String> command) {
    try {
      // A test run in the background ignores SIGINT and would pass that on.
      List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT", "setsid"));
      all.addAll(command);
      Path out = Files.createTempFile("whatif", ".out");
      Path err = Files.createTempFile("whatif", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(all)
              .directory(workingFolder.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      environment.forEach((name, value) -> {
        if (value.isEmpty()) {
          builder.environment().remove(name);
        } else {
          builder.environment().put(name, value);
        }
      });
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A started command; its pid is also its process group's. */
  record Running(Process process, Path out, Path err) {

    /** Sends a signal to the whole group, as a terminal does. */
    void signalGroup(String name) {
      Programs.run("kill", "-s", name, "--", "-" + process.pid());
    }

    String errors() {
      return read(err);
    }
  }

  /** Waits for the end of a command. */
  static Result await(Running running) {
    try {
      if (!running.process().waitFor(120, TimeUnit.SECONDS)) {
        running.signalGroup("KILL");
        throw new AssertionError("does not end: " + running.errors());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    Result result =
        new Result(running.process().exitValue(), read(running.out()), read(running.err()));
    running.out().toFile().delete();
    running.err().toFile().delete();
    return result;
  }

  /** The files below a folder with their sizes. */
  static Map<String, Long> files(Path folder) {
    Map<String, Long> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path f : files.filter(Files::isRegularFile).toList()) {
        found.put(folder.relativize(f).toString(), Files.size(f));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
