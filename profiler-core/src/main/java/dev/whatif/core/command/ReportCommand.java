package dev.whatif.core.command;

import dev.whatif.core.failure.UsageException;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.report.ExportFormat;
import dev.whatif.core.report.FlameGraphHtml;
import dev.whatif.core.report.RecordingFacts;
import dev.whatif.core.report.ReportFilter;
import dev.whatif.core.report.StackCounts;
import dev.whatif.core.report.Terminal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code whatif report}: what a recording says. */
@Command(
    name = "report",
    description = "Shows what a recording says: hottest functions, lines, threads.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Counts in the JSON (self, total) are samples; divide by samples for shares.",
      "",
      "Examples:",
      "  whatif report run.jfr --top 10",
      "  whatif report run.jfr --json > run.json",
      "  whatif report run.jfr --html flame.html"
    })
public final class ReportCommand implements Subcommand {

  private static final String SCHEMA = "whatif.report/1";

  @Spec @Nullable CommandSpec spec;

  @Mixin RecordingInput input = new RecordingInput();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "20",
      description = "rows of a table (default: ${DEFAULT-VALUE})")
  int top;

  @Option(names = "--json", description = "print everything as JSON, for scripts; schema " + SCHEMA)
  boolean json;

  @Option(
      names = "--html",
      paramLabel = "OUT",
      description =
          "write a page that any browser opens, without network: a flame graph, or the causal profile")
  @Nullable Path html;

  @Option(names = "--force", description = "overwrite OUT if it exists")
  boolean force;

  /** For the service loader. */
  public ReportCommand() {}

  @Override
  public Integer call() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    if (top < 1) {
      throw new UsageException("--top " + top + ": a table has at least one row");
    }
    ReportFilter filter = input.filter();
    try (Recording recording = input.open()) {
      if (html != null) {
        commandLine.getErr().println(page(recording, filter, html) + ": " + html);
        recording.damage().ifPresent(commandLine.getErr()::println);
        if (!json) {
          return 0;
        }
      }
      ReportReading reading = ReportReading.of(recording, filter);
      if (json) {
        out.println(json(reading));
      } else {
        text(reading, out);
      }
    }
    out.flush();
    return 0;
  }

  /** Writes the page that suits the recording, and says what it shows. */
  private String page(Recording recording, ReportFilter filter, Path file) {
    StackCounts stacks = StackCounts.of(recording, filter); // learns the facts as well
    Optional<ReportSection.Page> page = ReportReading.page(recording);
    if (page.isPresent()) {
      ExportFormat format = page.get().format();
      OutputFile.write(file, force, stream -> format.write(recording, filter, stream));
      return page.get().title();
    }
    OutputFile.write(file, force, stream -> new FlameGraphHtml().write(stacks, stream));
    return "flame graph";
  }

  private void text(ReportReading reading, PrintWriter out) {
    Terminal terminal = Terminal.ofStdout();
    List<ReportSection.Reading> filled =
        reading.sections().stream().filter(s -> !s.isEmpty()).toList();
    for (ReportSection.Reading section : filled) {
      if (section != filled.getFirst()) {
        out.println();
      }
      section.text(reading.facts(), terminal, top, out);
    }
    if (filled.isEmpty()) {
      empty(reading.facts()).forEach(out::println);
    }
  }

  /** Why there is nothing to show, and what to do about it. */
  private static List<String> empty(RecordingFacts facts) {
    List<String> lines = new ArrayList<>();
    String seconds = String.format(Locale.ROOT, "%.1f", facts.duration().toMillis() / 1000.0);
    lines.add("%s: no CPU sample in %s s".formatted(facts.file(), seconds));
    String cpu = facts.environment().get("target.cpu.nanos");
    if (!facts.damage().isEmpty()) {
      lines.add("  " + Terminal.clean(facts.damage()));
    }
    if (cpu != null && cpu.matches("[0-9]{1,18}")) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  The target used %.3f s of CPU time: record it while it works, or for longer.",
              Long.parseLong(cpu) / 1e9));
    } else if (facts.environment().isEmpty() && facts.damage().isEmpty()) {
      lines.add("  It has no jdk.ExecutionSample events: it was made without a CPU profile.");
    }
    return lines;
  }

  private static String json(ReportReading reading) {
    RecordingFacts facts = reading.facts();
    JsonMapper mapper = new JsonMapper();
    ObjectNode report = mapper.createObjectNode();
    report.put("schema", SCHEMA);
    report.put("file", facts.file());
    report.put("durationNanos", facts.duration().toNanos());
    report.put("lost", facts.lost());
    report.put("missed", facts.missed());
    report.put("unseenKernel", facts.unseenKernel());
    if (!facts.damage().isEmpty()) {
      report.put("damage", facts.damage());
    }
    for (ReportSection.Reading section : reading.sections()) {
      section.json(report);
    }
    ObjectNode environment = report.putObject("environment");
    facts.environment().forEach(environment::put);
    ArrayNode losses = report.putArray("losses");
    for (RecordingFacts.LossTotal loss : facts.losses()) {
      losses
          .addObject()
          .put("kind", loss.kind().name().toLowerCase(Locale.ROOT))
          .put("source", loss.source())
          .put("reason", loss.reason())
          .put("count", loss.count());
    }
    ObjectNode cost = report.putObject("costCpuNanos");
    facts.cost().forEach((part, nanos) -> cost.put(part, nanos));
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(report);
  }
}
