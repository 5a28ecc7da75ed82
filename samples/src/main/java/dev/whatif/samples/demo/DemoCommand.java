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
      "Starts a real Redis under load, profiles it, shows where its time goes, line by line, and"
          + " finds out by experiment what would make the whole system faster.",
      "It takes 75 seconds unless --duration says otherwise, a fifth of it for the CPU profile;"
          + " Ctrl-C ends it early."
    },
    defaultValueProvider = DemoCommand.UsualLength.class,
    footer = {
      "",
      "Examples:",
      "  whatif demo -d 5s                  no time for experiments: the CPU profile only",
      "  whatif demo sqlite",
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
  static final class UsualLength implements IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
      return argument instanceof OptionSpec option && option.longestName().equals("--duration")
          ? "75s"
          : null;
    }
  }

  @Override
  public Integer call() {
    CommandLine whatif = Objects.requireNonNull(spec).root().commandLine();
    Demo demo = new Demo(run, file -> report(whatif, file));
    return switch (workload) {
      case REDIS -> demo.run("starting Redis and its clients", RedisScene::start);
      case SQLITE ->
          demo.run("building and filling SQLite", () -> SqliteScene.start(run.duration()));
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
