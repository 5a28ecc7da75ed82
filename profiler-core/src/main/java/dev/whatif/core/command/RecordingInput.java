package dev.whatif.core.command;

import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.ReportFilter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The recording that a command reads, and the part of it that counts; a picocli mixin. */
public final class RecordingInput {

  @Parameters(paramLabel = "FILE", description = "a recording (.jfr), whatif's or a JVM's own")
  @Nullable Path file;

  @Option(
      names = "--thread",
      paramLabel = "NAME|TID",
      description = "only threads whose name contains NAME, or this one")
  @Nullable String thread;

  @Option(names = "--process", paramLabel = "PID", description = "only this process")
  @Nullable Integer process;

  /** For picocli. */
  public RecordingInput() {}

  /**
   * Opens it.
   *
   * @throws dev.whatif.core.failure.BadDataException when it is no recording
   */
  Recording open() {
    return Recording.open(Objects.requireNonNull(file));
  }

  /** What of it counts. */
  ReportFilter filter() {
    return new ReportFilter(thread, process);
  }
}
