package dev.whatif.testing;

import dev.whatif.core.elf.ElfFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Compiles the C and C++ programs that tests look at, and runs the tools that know the truth about
 * them.
 */
public final class Programs {

  private static final Path FOLDER = Path.of("target", "test-programs").toAbsolutePath();

  private Programs() {}

  /**
   * The program built from {@code src/test/c/SOURCE} by gcc (g++ for .cc) with these flags; built
   * once for the same text and flags.
   */
  public static Path compiled(String source, String... flags) {
    return compiledBy(source.endsWith(".cc") ? "g++" : "gcc", source, flags);
  }

  /** The same by another compiler. */
  public static Path compiledBy(String compiler, String source, String... flags) {
    Path file = Path.of("src", "test", "c", source).toAbsolutePath();
    try {
      String text = Files.readString(file);
      String key = Integer.toHexString((compiler + text + String.join(" ", flags)).hashCode());
      Path folder = Files.createDirectories(FOLDER.resolve(key));
      Path program = folder.resolve(source.substring(0, source.lastIndexOf('.')));
      if (!Files.exists(program)) {
        // "-x none"-free order: flags first, libraries (-l...) after the source.
        List<String> command = new ArrayList<>(List.of(compiler));
        List<String> libraries = new ArrayList<>();
        for (String flag : flags) {
          (flag.startsWith("-l") ? libraries : command).add(flag);
        }
        Path temporary = Files.createTempFile(folder, "building", "");
        command.addAll(List.of("-o", temporary.toString(), file.toString()));
        command.addAll(libraries);
        run(command.toArray(String[]::new));
        Files.move(temporary, program, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a tool to its end and returns what it wrote to stdout; fails with its stderr when it
   * fails.
   */
  public static String run(String... command) {
    try {
      Path err = Files.createTempFile("whatif-test", ".err");
      Process p = new ProcessBuilder(command).redirectError(err.toFile()).start();
      p.getOutputStream().close();
      String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!p.waitFor(120, TimeUnit.SECONDS)) {
        p.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " does not end");
      }
      String errors = Files.readString(err);
      Files.delete(err);
      if (p.exitValue() != 0) {
        throw new AssertionError(
            String.join(" ", command) + " ended with " + p.exitValue() + ": " + errors);
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A folder for what a test writes, under the module's target folder. */
  public static Path folder(String name) {
    try {
      return Files.createDirectories(Path.of("target", "test-files", name).toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where Debian's libc6-dbg puts the debug information of this machine's libc, by its build-id.
   */
  public static Path libcDebugFile() {
    try (ElfFile libc = ElfFile.open(Path.of("/lib/x86_64-linux-gnu/libc.so.6"))) {
      String id = libc.buildId().orElseThrow().hex();
      return Path.of("/usr/lib/debug/.build-id", id.substring(0, 2), id.substring(2) + ".debug");
    }
  }

  /** Bytes as hex, for messages. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
