package dev.whatif.ebpf.command;

import dev.whatif.core.command.Interruption;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.object.BpfObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whatif bpf load}: an object in the kernel, attached, until the user ends it. */
@Command(
    name = "load",
    description = "Loads a BPF object into the kernel, attaches it, and holds it until Ctrl-C.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Programs are attached where the names of their sections say: tp_btf/NAME,",
      "raw_tp/NAME, tp/CATEGORY/NAME, fentry/FUNCTION, uprobe/FILE:FUNCTION; tables of",
      "struct_ops are registered. Others (xdp, perf_event, syscall...) are loaded only.",
      "What cannot be attached is told and does not keep the others from it.",
      "Nothing is pinned: the kernel takes all away when whatif ends, whatever ends it.",
      "",
      "Exit code: 0; 3 when this user may not, this kernel cannot, or a program could",
      "not be attached; 5 when the verifier refuses a program: its reason, the source",
      "line and the end of its log are printed.",
      "",
      "Examples:",
      "  whatif bpf load probe.bpf.o",
      "  whatif bpf load probe.bpf.o --dump-maps -d 10s"
    })
final class LoadCommand implements Callable<Integer> {

  private static final long LOOK_MILLIS = 20;

  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "an object made by clang -target bpf")
  @Nullable Path file;

  @Option(names = "--dump-maps", description = "print the elements of the maps at the end")
  boolean dumpMaps;

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      description = "hold it so long, for example 10s, not until Ctrl-C")
  @Nullable Duration duration;

  @Option(
      names = "--relocation",
      paramLabel = "WHO",
      defaultValue = "kernel",
      description = "who applies CO-RE: kernel or ours (default: ${DEFAULT-VALUE})")
  LoadOptions.Relocation relocation = LoadOptions.Relocation.KERNEL;

  LoadCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    BpfObject object = BpfObject.open(Objects.requireNonNull(file));
    try (Interruption interruption = new Interruption()) {
      try (LoadedObject loaded = KernelLoader.load(object, LoadOptions.DEFAULT.with(relocation))) {
        Attachments attachments = Attachments.of(loaded);
        new LoadText(loaded, attachments, Terminal.ofStdout(), line.getOut()).summary();
        attachments.failures().values().forEach(e -> tell(e, line.getErr()));
        if (duration == null) {
          line.getErr().println("Ctrl-C ends it");
        }
        hold(interruption);
        if (dumpMaps) {
          line.getOut().println();
          new MapText(object, line.getOut()).dump(loaded);
        }
        attachments.first().ifPresent(interruption::failed);
        return attachments.first().map(WhatifException::exitCode).orElse(0);
      } catch (RuntimeException e) {
        interruption.failed(e);
        throw e;
      }
    }
  }

  private static void tell(WhatifException failure, PrintWriter err) {
    err.println("whatif: " + failure.getMessage());
    if (failure.remedy() != null) {
      err.println("  " + failure.remedy());
    }
  }

  private void hold(Interruption interruption) throws InterruptedException {
    Duration limit = duration;
    long end = limit == null ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
    while (!interruption.requested() && System.nanoTime() < end) {
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
