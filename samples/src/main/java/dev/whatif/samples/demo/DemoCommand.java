package dev.whatif.samples.demo;

import dev.whatif.core.command.RunOptions;
import dev.whatif.core.command.Subcommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whatif demo}: the whole job on an embedded workload, with nothing to install. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a real Redis under load, profiles it, and shows where its time goes, line by line.",
      "It takes 20 seconds unless --duration says otherwise; Ctrl-C ends it early."
    },
    defaultValueProvider = DemoCommand.TwentySeconds.class,
    footer = {
      "",
      "Examples:",
      "  whatif demo -d 5s",
      "  whatif demo -o redis.jfr --json > redis.json"
    })
public final class DemoCommand implements Subcommand {

  @Spec @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "WORKLOAD",
      defaultValue = "redis",
      description = "what to run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Workload workload = Workload.REDIS;

  @Mixin RunOptions run = new RunOptions();

  /** For the service loader. */
  public DemoCommand() {}

  /** The length of a demo without {@code --duration}. */
  static final class TwentySeconds implements IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
      return argument instanceof OptionSpec option && option.longestName().equals("--duration")
          ? "20s"
          : null;
    }
  }

  @Override
  public Integer call() {
    CommandLine whatif = Objects.requireNonNull(spec).root().commandLine();
    return switch (workload) {
      case REDIS -> new RedisDemo(run, file -> report(whatif, file)).run();
    };
  }

  /** What a user would type next. */
  private int report(CommandLine whatif, Path file) {
    List<String> arguments =
        run.json() ? List.of(file.toString(), "--json") : List.of(file.toString(), "--top", "12");
    CommandLine reporting = Objects.requireNonNull(whatif.getSubcommands().get("report"));
    return reporting.execute(arguments.toArray(String[]::new));
  }
}
