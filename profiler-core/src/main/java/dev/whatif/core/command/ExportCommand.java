package dev.whatif.core.command;

import dev.whatif.core.failure.UsageException;
import dev.whatif.core.linux.WindowSize;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.ExportFormat;
import dev.whatif.core.report.ReportFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code whatif export}: a recording in another tool's format. */
@Command(
    name = "export",
    description = "Writes what a recording has in another tool's format.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  whatif export run.jfr --format collapsed > run.collapsed",
      "  whatif export run.jfr --format pprof -o run.pb && go tool pprof -top run.pb"
    })
public final class ExportCommand implements Subcommand {

  @Spec @Nullable CommandSpec spec;

  @Mixin RecordingInput input = new RecordingInput();

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      converter = ExportFormats.class,
      completionCandidates = ExportFormats.class,
      description = "${COMPLETION-CANDIDATES}")
  @Nullable ExportFormat format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "the file to write (default: standard output)")
  @Nullable Path output;

  @Option(names = "--force", description = "overwrite OUT if it exists")
  boolean force;

  /** For the service loader. */
  public ExportCommand() {}

  @Override
  public Integer call() {
    ExportFormat wanted = Objects.requireNonNull(format);
    try (Recording recording = input.open()) {
      recording.damage().ifPresent(Objects.requireNonNull(spec).commandLine().getErr()::println);
      int exitCode = write(wanted, recording);
      if (!wanted.note().isEmpty()) {
        Objects.requireNonNull(spec).commandLine().getErr().println(wanted.note());
      }
      return exitCode;
    }
  }

  private int write(ExportFormat export, Recording recording) {
    ReportFilter filter = input.filter();
    if (output != null) {
      OutputFile.write(output, force, out -> export.write(recording, filter, out));
      return 0;
    }
    if (!export.isText() && WindowSize.columns(1) >= 0) {
      throw new UsageException(
          export.format() + " is binary and a terminal cannot show it", "name a file: -o run.pb");
    }
    try {
      if (export.isText()) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        export.write(recording, filter, text);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(text.toString(StandardCharsets.UTF_8));
        out.flush();
      } else {
        export.write(recording, filter, System.out);
        System.out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return 0;
  }
}
