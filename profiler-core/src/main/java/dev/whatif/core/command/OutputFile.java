package dev.whatif.core.command;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A result file that the user named: never overwritten unasked, never left half written. A device
 * or a pipe is written to and stays.
 */
final class OutputFile {

  /** Writes the content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private OutputFile() {}

  /** Creates the file and fills it; when filling fails, the file is gone. */
  static void write(Path file, boolean overwrite, Content content) {
    boolean device = Files.exists(file) && !Files.isRegularFile(file);
    Set<OpenOption> options =
        overwrite || device
            ? Set.of(
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING)
            : Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    boolean complete = false;
    boolean created = false;
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(file, options.toArray(OpenOption[]::new)), 1 << 16)) {
      created = true;
      content.writeTo(out);
      out.flush();
      complete = true;
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(
          file + " exists already", "name another file, or overwrite it with --force", e);
    } catch (NoSuchFileException e) {
      throw new UsageException(
          "cannot write " + file + ": there is no folder " + file.toAbsolutePath().getParent(),
          null,
          e);
    } catch (AccessDeniedException e) {
      throw new UnavailableException("cannot write " + file + ": permission denied", null, e);
    } catch (IOException e) {
      String why = e.getMessage();
      throw new UnavailableException("cannot write " + file + ": " + why, null, e);
    } finally {
      if (created && !complete && !device) {
        deleteQuietly(file);
      }
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // What made the writing fail is the news; the rest of the file is visible to the user.
    }
  }
}
