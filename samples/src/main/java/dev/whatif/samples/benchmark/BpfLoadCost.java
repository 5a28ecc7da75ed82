package dev.whatif.samples.benchmark;

import dev.whatif.core.command.Subcommand;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.object.BpfObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * How long it takes to bring an object into the kernel: reading the file, reading and indexing the
 * kernel's types anew, loading; the first time and once everything is warm.
 */
@Command(
    name = "bpf-load",
    mixinStandardHelpOptions = true,
    description = "Time to load a BPF object into the kernel.",
    footer = {"", "Try, as root:  whatif benchmark bpf-load tour.bpf.o --runs 30"})
final class BpfLoadCost implements Subcommand {

  @Parameters(paramLabel = "FILE", description = "an object made by clang -target bpf")
  @Nullable Path file;

  @Option(names = "--runs", description = "how often (default: ${DEFAULT-VALUE})")
  int runs = 30;

  @Option(names = "--without", split = ",", description = "programs that this kernel cannot have")
  String[] without = {};

  @Override
  public Integer call() throws IOException {
    for (LoadOptions.Relocation relocation : LoadOptions.Relocation.values()) {
      double[] typesMillis = new double[runs];
      double[] loadMillis = new double[runs];
      int programs = 0;
      for (int i = 0; i < runs; i++) {
        long start = System.nanoTime();
        Btf types = Btf.parse(Btf.KERNEL.toString(), Files.readAllBytes(Btf.KERNEL));
        types.find(BtfKind.STRUCT, "task_struct").orElseThrow();
        long parsed = System.nanoTime();
        LoadOptions options =
            LoadOptions.DEFAULT
                .with(relocation)
                .with((String name) -> !Arrays.asList(without).contains(name));
        BpfObject object = BpfObject.open(Objects.requireNonNull(file));
        try (LoadedObject loaded = KernelLoader.load(object, options)) {
          programs = loaded.programs().size();
          long end = System.nanoTime();
          typesMillis[i] = (parsed - start) / 1e6;
          loadMillis[i] = (end - parsed) / 1e6;
        }
      }
      print(relocation, programs, typesMillis, loadMillis);
    }
    return 0;
  }

  private void print(
      LoadOptions.Relocation relocation, int programs, double[] types, double[] load) {
    System.out.printf(
        Locale.ROOT,
        "%d programs, relocated by %s: first %.0f ms (types %.0f + load %.0f); then median %.0f ms"
            + " (types %.1f + load %.1f), worst %.0f ms of %d%n",
        programs,
        relocation == LoadOptions.Relocation.KERNEL ? "the kernel" : "us",
        types[0] + load[0],
        types[0],
        load[0],
        median(types) + median(load),
        median(types),
        median(load),
        worst(types) + worst(load),
        runs - 1);
  }

  /** Of all but the first. */
  private static double median(double[] millis) {
    double[] warm = warm(millis);
    return warm[warm.length / 2];
  }

  private static double worst(double[] millis) {
    double[] warm = warm(millis);
    return warm[warm.length - 1];
  }

  private static double[] warm(double[] millis) {
    double[] warm = Arrays.copyOfRange(millis, Math.min(1, millis.length - 1), millis.length);
    Arrays.sort(warm);
    return warm;
  }
}
