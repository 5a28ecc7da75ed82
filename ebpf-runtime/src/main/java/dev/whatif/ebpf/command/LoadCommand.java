package dev.whatif.ebpf.command;

import dev.whatif.core.command.DurationText;
import dev.whatif.core.command.Interruption;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whatif bpf load}: an object in the kernel, attached, until the user ends it. */
@Command(
    name = "load",
    description = "Loads a BPF object into the kernel, attaches it, and holds it until Ctrl-C.",
    footer = {
      "",
      "Programs are attached where the names of their sections say: tp_btf, raw_tp, tp, fentry,",
      "uprobe, struct_ops. Others (xdp, perf_event, syscall...) are loaded only.",
      "",
      "Exit code: 0; 3 when this user may not or this kernel cannot; 5 when the verifier refuses a",
      "program: its reason, the source line and the end of its log are printed.",
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
      converter = TimeText.class,
      description = "hold it so long, for example 10s, not until Ctrl-C")
  @Nullable Duration duration;

  @Option(
      names = "--relocation",
      paramLabel = "WHO",
      defaultValue = "kernel",
      description = "who applies CO-RE: kernel or ours (default: ${DEFAULT-VALUE})")
  LoadOptions.Relocation relocation = LoadOptions.Relocation.KERNEL;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  boolean help;

  LoadCommand() {}

  /** Durations as everywhere. */
  static final class TimeText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationText.parse(text);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    BpfObject object = BpfObject.open(Objects.requireNonNull(file));
    try (Interruption interruption = new Interruption()) {
      try (LoadedObject loaded = KernelLoader.load(object, LoadOptions.DEFAULT.with(relocation))) {
        loaded.attachAll();
        LoadText text = new LoadText(object, loaded, out);
        text.summary();
        hold(interruption);
        if (dumpMaps) {
          text.dump();
        }
      } catch (RuntimeException e) {
        interruption.failed(e);
        throw e;
      }
    }
    return 0;
  }

  private void hold(Interruption interruption) throws InterruptedException {
    Duration limit = duration;
    long end = limit == null ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
    while (!interruption.requested() && System.nanoTime() < end) {
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
