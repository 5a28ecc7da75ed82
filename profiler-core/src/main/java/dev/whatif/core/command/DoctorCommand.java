package dev.whatif.core.command;

import dev.whatif.core.capability.Capability;
import dev.whatif.core.capability.CapabilityState;
import dev.whatif.core.report.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code whatif doctor}: what this machine and a process allow. */
@Command(
    name = "doctor",
    description = "Says what this machine (and a process) allows, and how to change it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Exit code: 0; 3 when the process may not be profiled; 4 when there is none.",
      "",
      "Examples:",
      "  whatif doctor",
      "  whatif doctor --pid 4242 --json"
    })
public final class DoctorCommand implements Subcommand {

  private static final int NOT_PERMITTED = 3;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = {"-p", "--pid"},
      paramLabel = "PID",
      description = "look at this process, too")
  @Nullable Integer pid;

  @Option(names = "--json", description = "print it as JSON, for scripts; schema whatif.doctor/1")
  boolean json;

  @Option(
      names = "--verbose",
      description =
          "every library of the process, and what entering it needs, in rows of their own")
  boolean verbose;

  /** For the service loader. */
  public DoctorCommand() {}

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>();
    ServiceLoader.load(Check.class).forEach(checks::add);
    List<Capability> process = new ArrayList<>();
    if (pid != null) {
      for (Check check : checks) {
        process.addAll(check.process(pid));
      }
    }
    List<Capability> machine = new ArrayList<>();
    for (Check check : checks) {
      machine.addAll(check.machine());
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(DoctorJson.of(pid, machine, process));
    } else {
      text(machine, process, out);
    }
    out.flush();
    boolean refused = process.stream().anyMatch(c -> c.state() == CapabilityState.UNAVAILABLE);
    return refused ? NOT_PERMITTED : 0;
  }

  private void text(List<Capability> machine, List<Capability> process, PrintWriter out) {
    DoctorText text = new DoctorText(Terminal.ofStdout(), out);
    if (pid != null) {
      text.print(
          "process " + pid, verbose ? process : EntryRows.folded(LibraryRows.folded(process)));
      out.println();
    }
    text.print("this machine", machine);
  }
}
