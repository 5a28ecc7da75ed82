package dev.whatif.samples.benchmark;

import dev.whatif.core.command.Subcommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code whatif benchmark}: hidden, for those who check the numbers of PERFORMANCE.md. */
@Command(
    name = "benchmark",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Measures whatif itself, beside its peers.",
    subcommands = {
      BpfLoadCost.class,
      CausalCost.class,
      CausalTruth.class,
      EntryStop.class,
      PeerComparison.class,
      RecordCost.class,
      RingReading.class,
      SampleAccounting.class,
      StopTime.class
    },
    footer = {"", "Try:  whatif benchmark record-cost --blocks 3"})
public final class BenchmarkCommand implements Subcommand {

  @Spec CommandSpec spec;

  /** For picocli and {@link java.util.ServiceLoader}. */
  public BenchmarkCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    CommandLine.usage(spec.commandLine(), System.out);
    return 0;
  }
}
