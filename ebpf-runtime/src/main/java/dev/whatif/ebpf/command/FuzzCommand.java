package dev.whatif.ebpf.command;

import dev.whatif.core.command.Interruption;
import dev.whatif.core.command.ProgressLine;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.fuzz.Differential;
import dev.whatif.ebpf.fuzz.Finding;
import dev.whatif.ebpf.fuzz.FuzzEngine;
import dev.whatif.ebpf.fuzz.Tally;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code whatif bpf fuzz}: random programs in every engine, until two disagree. */
@Command(
    name = "fuzz",
    description = "Runs random programs in every engine and compares what they do.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A program depends on its seed alone. What is compared: whether it is accepted,",
      "r0, the packet, and the contents of the maps. A program that the kernel accepts",
      "and whatif refuses is counted, with the reason; all other differences are",
      "defects, of whatif or of the kernel, and printed with the smallest program that",
      "shows them. Compiled code calls helper functions only where it has a routine of",
      "its own; programs that need others are not compiled. Ctrl-C ends it with a",
      "summary.",
      "",
      "Exit code: 0; 1 when there was a defect; 3 when this user may not ask the kernel.",
      "",
      "Examples:",
      "  whatif bpf fuzz -d 1m",
      "  whatif bpf fuzz --engine interpreter,jit -d 10s --json",
      "  whatif bpf fuzz --seed 4711 --programs 1"
    })
final class FuzzCommand implements Callable<Integer> {

  static final String SCHEMA = "whatif.bpf.fuzz/1";

  private static final int MOST_SHOWN = 20;
  private static final int SEED_BITS = 31;

  /** A finding and the smallest program that shows it. */
  private record Shown(Finding finding, String program) {}

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      description = "how long, for example 10s; else until Ctrl-C")
  @Nullable Duration duration;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of the first program; the next has the next number (default: any)")
  @Nullable Long seed;

  @Option(names = "--programs", paramLabel = "N", description = "at most so many")
  long programs = Long.MAX_VALUE;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      split = ",",
      description =
          "those to compare, of ${COMPLETION-CANDIDATES} (default: all; without root all but the"
              + " kernel)")
  @Nullable Set<FuzzEngine> engines;

  @Option(names = "--json", description = "as JSON, for scripts; schema " + SCHEMA)
  boolean json;

  FuzzCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    long first = seed == null ? ThreadLocalRandom.current().nextLong(1L << SEED_BITS) : seed;
    List<Shown> shown = new ArrayList<>();
    try (Interruption interruption = new Interruption();
        Differential differential = new Differential(engines())) {
      try (ProgressLine progress = new ProgressLine(!json)) {
        run(differential, first, interruption, progress, shown);
      }
      Tally tally = differential.tally();
      out.println(json ? json(first, tally, shown) : text(first, tally, shown));
      out.flush();
      return tally.defects() == 0 ? 0 : 1;
    }
  }

  private Set<FuzzEngine> engines() {
    Set<FuzzEngine> chosen = engines;
    if (chosen == null) {
      boolean root = "root".equals(System.getProperty("user.name"));
      return root
          ? EnumSet.allOf(FuzzEngine.class)
          : EnumSet.of(FuzzEngine.INTERPRETER, FuzzEngine.JIT);
    }
    return chosen;
  }

  private void run(
      Differential differential,
      long first,
      Interruption interruption,
      ProgressLine progress,
      List<Shown> shown) {
    Duration limit = duration;
    long end = limit == null ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
    for (long i = 0; i < programs && !interruption.requested() && System.nanoTime() < end; i++) {
      Tally tally = differential.tally();
      progress.show(
          "%,d programs, %,d accepted, %d defects"
              .formatted(tally.programs(), tally.acceptedByBoth(), tally.defects()));
      Optional<Finding> finding = differential.check(first + i);
      if (finding.isPresent() && finding.get().kind().isDefect() && shown.size() < MOST_SHOWN) {
        progress.show("a defect: making the program of seed %d smaller".formatted(first + i));
        shown.add(new Shown(finding.get(), differential.smallest(finding.get()).toString()));
      }
    }
  }

  private static String text(long first, Tally tally, List<Shown> shown) {
    StringBuilder text = new StringBuilder();
    for (Shown each : shown) {
      Finding finding = each.finding();
      text.append("seed %d: %s: %s%n".formatted(finding.seed(), name(finding), clean(finding)));
      text.append("  again: whatif bpf fuzz --programs 1 --seed %d%n".formatted(finding.seed()));
      each.program().lines().forEach(l -> text.append("    ").append(l).append('\n'));
    }
    tally.reasons().entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
        .forEach(e ->
            text.append(
                "refused here only, %,d times: %s%n"
                    .formatted(e.getValue(), Terminal.clean(e.getKey()))));
    text.append(
        "%,d programs from seed %d: %,d accepted, %,d refused, %,d by the kernel only, %,d here only%n"
            .formatted(
                tally.programs(),
                first,
                tally.acceptedByBoth(),
                tally.refusedByBoth(),
                tally.acceptedHereOnly(),
                tally.refusedHereOnly()));
    text.append(
        "%,d runs interpreted, %,d compiled, %,d in the kernel; %d defects"
            .formatted(
                tally.runs(FuzzEngine.INTERPRETER),
                tally.runs(FuzzEngine.JIT),
                tally.runs(FuzzEngine.KERNEL),
                tally.defects()));
    return text.toString();
  }

  private static String name(Finding finding) {
    return finding.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String clean(Finding finding) {
    return Terminal.clean(finding.reason().lines().findFirst().orElse(""));
  }

  private static String json(long first, Tally tally, List<Shown> shown) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("firstSeed", first);
    root.put("programs", tally.programs());
    root.put("accepted", tally.acceptedByBoth());
    root.put("refused", tally.refusedByBoth());
    root.put("acceptedHereOnly", tally.acceptedHereOnly());
    root.put("refusedHereOnly", tally.refusedHereOnly());
    root.put("defects", tally.defects());
    ObjectNode runs = root.putObject("runs");
    for (FuzzEngine engine : FuzzEngine.values()) {
      runs.put(engine.name().toLowerCase(Locale.ROOT), tally.runs(engine));
    }
    ObjectNode reasons = root.putObject("reasonsOfRefusalHereOnly");
    tally.reasons().forEach(reasons::put);
    ArrayNode findings = root.putArray("findings");
    for (Shown each : shown) {
      ObjectNode node = findings.addObject();
      node.put("seed", each.finding().seed());
      node.put("kind", each.finding().kind().name());
      node.put("reason", each.finding().reason());
      node.put("program", each.program());
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
