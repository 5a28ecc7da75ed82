package dev.whatif.ebpf.proof;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Programs in Go, built without modules and without a network. */
final class GoProgram {

  private GoProgram() {}

  /** The program built from {@code src/test/go/SOURCE}; built once for the same text. */
  static Path built(String source) {
    Path file = Path.of("src", "test", "go", source).toAbsolutePath();
    Path folder = Programs.folder("go");
    try {
      String key = Integer.toHexString(Files.readString(file).hashCode());
      Path program = folder.resolve(source.replace(".go", "-" + key));
      if (!Files.exists(program)) {
        Path temporary = Files.createTempFile(folder, "building", "");
        Path err = Files.createTempFile(folder, "go", ".err");
        ProcessBuilder go =
            new ProcessBuilder(
                List.of(
                    Requirement.goCommand().toString(), "build", "-o", temporary + "", file + ""));
        go.environment().put("GO111MODULE", "off");
        go.environment().put("GOTOOLCHAIN", "local");
        go.environment().put("GOCACHE", folder.resolve("cache").toString());
        go.environment().put("GOPATH", folder.resolve("path").toString());
        if (go.redirectError(err.toFile()).start().waitFor() != 0) {
          throw new AssertionError("go build: " + Files.readString(err));
        }
        Files.move(temporary, program, StandardCopyOption.ATOMIC_MOVE);
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
