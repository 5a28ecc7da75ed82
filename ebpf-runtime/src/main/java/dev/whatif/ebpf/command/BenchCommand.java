package dev.whatif.ebpf.command;

import dev.whatif.core.command.ProgressLine;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.bench.Benchmark;
import dev.whatif.ebpf.bench.Comparison;
import dev.whatif.ebpf.bench.ComparisonText;
import dev.whatif.ebpf.bench.Measurement;
import dev.whatif.ebpf.bench.Suite;
import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.runtime.ObjectPrograms;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.ebpf.verifier.ProgramRefusal;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.Verifier;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code whatif bpf bench}: how fast compiled programs are, beside others' code for the same. */
@Command(
    name = "bench",
    description = "Times compiled BPF programs beside the kernel's and clang's code.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each program of DIR's objects (*.bpf.o) is compiled by whatif, loaded into the",
      "kernel (BPF_PROG_TEST_RUN, an empty program's time subtracted), and its C",
      "(*.bpf.c) compiled by clang -O2 with integer registers only and without that",
      "limit. They take turns; medians, half the distance of the quartiles, ratios and",
      "their geometric means are printed. All must return the same.",
      "",
      "Exit code: 0; 3 when there is no clang, or this user may not load programs.",
      "",
      "Examples:",
      "  whatif bpf bench --against native",
      "  whatif bpf bench ebpf-runtime/src/bench/bpf --only bitcount,checksum --json"
    })
final class BenchCommand implements Callable<Integer> {

  static final String SCHEMA = "whatif.bpf.bench/1";

  @Spec @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "with objects and their C (default: the installation's examples/bench)")
  @Nullable Path folder;

  @Option(
      names = "--against",
      paramLabel = "WHOM",
      split = ",",
      description = "kernel, native (default: both)")
  Set<Benchmark.Opponent> against = EnumSet.allOf(Benchmark.Opponent.class);

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "these programs (default: all)")
  Set<String> only = new HashSet<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "21",
      description = "samples of each, taken in turns (default: ${DEFAULT-VALUE})")
  int rounds = 21;

  @Option(names = "--json", description = "as JSON, for scripts; schema " + SCHEMA)
  boolean json;

  BenchCommand() {}

  @Override
  public Integer call() {
    if (rounds < 1) {
      throw new UsageException("--rounds " + rounds + ": at least one");
    }
    Suite suite = Suite.of(folder == null ? installed() : folder);
    for (String name : only) {
      if (!suite.programs().contains(name)) {
        throw new UsageException(
            "there is no program '" + name + "'", "there are " + suite.programs());
      }
    }
    Set<String> refused = refused(suite);
    List<Comparison> comparisons;
    try (Benchmark benchmark = new Benchmark(suite, against, BenchCommand::compiled);
        ProgressLine progress = new ProgressLine(!json)) {
      comparisons =
          benchmark.run(
              n -> !refused.contains(n) && (only.isEmpty() || only.contains(n)),
              rounds,
              c -> progress.show("measured " + Terminal.clean(c.program())));
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(json(comparisons));
    } else {
      ComparisonText.lines(comparisons).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  /** Programs that the verifier does not accept are told, and left out. */
  private Set<String> refused(Suite suite) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    Set<String> refused = new HashSet<>();
    for (BpfObject object : suite.objects()) {
      for (ProgramDefinition definition : object.programs()) {
        try {
          Verifier.verify(new ObjectPrograms(object).program(definition), RuleSet.KERNEL);
        } catch (ProgramRefusal e) {
          refused.add(definition.name());
          err.println("whatif: %s is left out: %s".formatted(definition.name(), e.reason()));
        }
      }
    }
    return refused;
  }

  /** Beside the folder of this jar. */
  private static Path installed() {
    Path jar =
        Path.of(BenchCommand.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path lib = Objects.requireNonNullElse(jar.getParent(), jar);
    Path found = lib.resolveSibling("examples").resolve("bench");
    if (!Files.isDirectory(found)) {
      throw new UsageException(
          "there are no benchmark programs in " + found,
          "name a folder with *.bpf.o: whatif bpf bench ebpf-runtime/src/bench/bpf");
    }
    return found;
  }

  private static CompiledCode compiled(Program program) {
    try {
      return Jit.compile(Verifier.verify(program, RuleSet.KERNEL));
    } catch (ProgramRefusal e) {
      throw e.asBadData();
    }
  }

  private static String json(List<Comparison> comparisons) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("schema", SCHEMA);
    ArrayNode programs = root.putArray("programs");
    for (Comparison comparison : comparisons) {
      ObjectNode node = programs.addObject().put("program", comparison.program());
      ArrayNode measurements = node.putArray("measurements");
      for (Measurement m : comparison.measurements()) {
        measurements
            .addObject()
            .put("engine", m.contender())
            .put("medianNanos", m.nanos())
            .put("spread", m.spread());
      }
    }
    ArrayNode means = root.putArray("geometricMeans");
    List<Measurement> columns = comparisons.getFirst().measurements();
    for (int c = 1; c < columns.size(); c++) {
      means
          .addObject()
          .put("against", columns.get(c).contender())
          .put("ratio", ComparisonText.geometricMean(comparisons, c));
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
