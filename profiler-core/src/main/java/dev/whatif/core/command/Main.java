package dev.whatif.core.command;

import dev.whatif.core.failure.WhatifException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code whatif}. */
@Command(
    name = "whatif",
    description = {
      "Answers by experiment on a running program: what if this code were faster, what if this memory were far?"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Try:  whatif demo", "      whatif record -p PID -d 10s"})
public final class Main implements Runnable {

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "print stack traces of failures")
  boolean debug;

  @CommandLine.Spec CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  /** For picocli. */
  public Main() {}

  /** Runs the command line and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The whole command line, with the subcommands of every module present. */
  public static CommandLine commandLine() {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    List<Subcommand> commands = new ArrayList<>();
    ServiceLoader.load(Subcommand.class).forEach(commands::add);
    commands.sort(Comparator.comparing(c -> c.getClass().getAnnotation(Command.class).name()));
    commands.forEach(line::addSubcommand);
    line.setExecutionExceptionHandler((e, failed, parsed) -> main.report(e, failed.getErr()));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(java.time.Duration.class, DurationText::parse);
    return line;
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
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
