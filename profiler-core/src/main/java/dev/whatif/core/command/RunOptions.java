package dev.whatif.core.command;

import dev.whatif.core.process.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a run takes and where its results go; a picocli mixin of all commands that measure. */
public final class RunOptions {

  private static final Duration FOREVER = Duration.ofDays(10_000);

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      description = "how long at most: 500ms, 10s, 2m")
  @Nullable Duration duration;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "the recording to write; must not exist yet (default: whatif-...-TIME.jfr here)")
  @Nullable Path output;

  @Option(names = "--json", description = "print the result as JSON, for scripts")
  boolean json;

  @Option(names = "--quiet", description = "print no progress and no summary")
  boolean quiet;

  /** For picocli. */
  public RunOptions() {}

  /** The duration, or one that nobody lives to see. */
  public Duration duration() {
    return duration == null ? FOREVER : duration;
  }

  /** Whether results go to stdout as JSON. */
  public boolean json() {
    return json;
  }

  /** Whether only results and failures are printed. */
  public boolean quiet() {
    return quiet;
  }

  /**
   * The file of the recording: as named, or {@code whatif-<command>-<name>-<pid>-<time>.jfr} in the
   * current folder, with a number when that exists.
   */
  public Path output(String command, Target target) {
    if (output != null) {
      return output;
    }
    String name = target.name().replaceAll("[^A-Za-z0-9._-]", "_");
    String time =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
    String stem = "whatif-" + command + "-" + name + "-" + target.leader() + "-" + time;
    Path file = Path.of(stem + ".jfr");
    for (int i = 2; Files.exists(file); i++) {
      file = Path.of(stem + "-" + i + ".jfr");
    }
    return file;
  }
}
