package dev.whatif.core.command;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code whatif}. */
@Command(
    name = "whatif",
    description = {
      "Answers by experiment on a running program: what if this code were faster, what if this memory were far?"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  whatif demo",
      "  whatif record -p 4242 -d 10s",
      "  whatif COMMAND --help"
    })
public final class Main implements Runnable {

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "print the stack trace of a failure")
  boolean debug;

  @Spec @Nullable CommandSpec spec;

  /** For picocli. */
  public Main() {}

  /** Runs the command line and ends the JVM with its exit code. */
  public static void main(String[] args) {
    StandardOutput results = StandardOutput.install();
    Interruption.watchProcess();
    int code = commandLine().execute(args);
    System.out.flush();
    if (results.failure().isPresent()) {
      System.err.println("whatif: cannot write the results: " + results.failure().get());
      code = code == 0 ? new UnavailableException("").exitCode() : code;
    }
    Interruption.exit(code);
  }

  /** The whole command line, with the subcommands of every module present. */
  public static CommandLine commandLine() {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    List<Subcommand> commands = new ArrayList<>();
    ServiceLoader.load(Subcommand.class).forEach(commands::add);
    commands.sort(Comparator.comparing(c -> c.getClass().getAnnotation(Command.class).name()));
    for (Subcommand command : commands) {
      CommandLine added = new CommandLine(command);
      version(added);
      line.addSubcommand(added);
    }
    line.setExecutionExceptionHandler((e, failed, parsed) -> main.report(e, failed.getErr()));
    line.setParameterExceptionHandler(Misuse::tell);
    line.setResourceBundle(new HelpTexts());
    line.setExpandAtFiles(false); // @FILE belongs to options
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(java.time.Duration.class, DurationText::parse);
    return line;
  }

  /** Commands of other modules, and those in groups, have whatif's version, too. */
  private static void version(CommandLine line) {
    line.getCommandSpec().versionProvider(new Version());
    line.getSubcommands().values().forEach(Main::version);
  }

  @Override
  public void run() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getOut());
  }

  private int report(Exception e, PrintWriter err) {
    if (debug) {
      e.printStackTrace(err);
    }
    if (e instanceof WhatifException known) {
      err.println("whatif: " + known.getMessage());
      if (known.remedy() != null) {
        err.println("  " + known.remedy());
      }
      return known.exitCode();
    }
    err.println("whatif: this is a defect of whatif: " + e);
    if (!debug) {
      err.println("  run it again with --debug and report what it prints");
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
