package dev.whatif.ebpf.command;

import dev.whatif.core.command.Subcommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code whatif bpf}: the group of commands about BPF objects. */
@Command(
    name = "bpf",
    description = "Looks into BPF objects, verifies, loads and runs them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BenchCommand.class,
      CompileCommand.class,
      ConformanceCommand.class,
      DisasmCommand.class,
      FuzzCommand.class,
      LoadCommand.class,
      RunCommand.class,
      VerifyCommand.class
    },
    footer = {"", "Example:", "  whatif bpf disasm probe.bpf.o"})
public final class BpfCommand implements Subcommand {

  @Spec @Nullable CommandSpec spec;

  /** For the service loader. */
  public BpfCommand() {}

  @Override
  public Integer call() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getOut());
    return CommandLine.ExitCode.OK;
  }
}
