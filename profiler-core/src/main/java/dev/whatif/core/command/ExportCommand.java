package dev.whatif.core.command;

import dev.whatif.core.failure.UsageException;
import dev.whatif.core.linux.WindowSize;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.CollapsedStacks;
import dev.whatif.core.report.PprofProfile;
import dev.whatif.core.report.RecordingExport;
import dev.whatif.core.report.StackCounts;
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
    description = "Writes the CPU samples of a recording in another tool's format.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  whatif export run.jfr --format collapsed > run.collapsed",
      "  whatif export run.jfr --format pprof -o run.pb && go tool pprof -top run.pb"
    })
public final class ExportCommand implements Subcommand {

  /** The formats. */
  enum Format {
    COLLAPSED,
    PPROF;

    RecordingExport export() {
      return switch (this) {
        case COLLAPSED -> new CollapsedStacks();
        case PPROF -> new PprofProfile();
      };
    }

    @Override
    public String toString() {
      return export().format();
    }
  }

  @Spec @Nullable CommandSpec spec;

  @Mixin RecordingInput input = new RecordingInput();

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "collapsed (text for flame graph tools) or pprof (profile.proto)")
  @Nullable Format format;

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
    RecordingExport export = Objects.requireNonNull(format).export();
    try (Recording recording = input.open()) {
      StackCounts stacks = StackCounts.of(recording, input.filter());
      recording.damage().ifPresent(Objects.requireNonNull(spec).commandLine().getErr()::println);
      return write(export, stacks);
    }
  }

  private int write(RecordingExport export, StackCounts stacks) {
    if (output != null) {
      OutputFile.write(output, force, out -> export.write(stacks, out));
      return 0;
    }
    if (!export.isText() && WindowSize.columns(1) >= 0) {
      throw new UsageException(
          export.format() + " is binary and a terminal cannot show it", "name a file: -o run.pb");
    }
    try {
      if (export.isText()) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        export.write(stacks, text);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(text.toString(StandardCharsets.UTF_8));
        out.flush();
      } else {
        export.write(stacks, System.out);
        System.out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return 0;
  }
}
