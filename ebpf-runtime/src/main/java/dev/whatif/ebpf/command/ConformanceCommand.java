package dev.whatif.ebpf.command;

import dev.whatif.core.command.ProgressLine;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.aot.UserKey;
import dev.whatif.ebpf.conformance.AotEngine;
import dev.whatif.ebpf.conformance.ConformanceCase;
import dev.whatif.ebpf.conformance.ConformanceEngine;
import dev.whatif.ebpf.conformance.InterpreterEngine;
import dev.whatif.ebpf.conformance.JitEngine;
import dev.whatif.ebpf.conformance.Verdict;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

/** {@code whatif bpf conformance}: the public suite's cases, on engines of our own. */
@Command(
    name = "conformance",
    description = "Runs the cases of the public BPF conformance suite.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A case is a .data file with a program and what r0 must be at its end, or that",
      "it must be refused (those with a section 'error', all in a folder 'negative').",
      "Folders below DIR are looked into as well. Cases that fail are printed, each",
      "with the engine and the reason.",
      "",
      "Exit code: 0; 1 when a case failed; 2 when there is no case.",
      "",
      "Examples:",
      "  whatif bpf conformance bpf_conformance/tests",
      "  whatif bpf conformance bpf_conformance/tests --engine jit --json"
    })
final class ConformanceCommand implements Callable<Integer> {

  static final String SCHEMA = "whatif.bpf.conformance/1";

  /** What runs them. */
  enum Engine {
    INTERPRETER,
    JIT,
    AOT,
    ALL;

    List<ConformanceEngine> engines() {
      return switch (this) {
        case INTERPRETER -> List.of(new InterpreterEngine());
        case JIT -> List.of(new JitEngine());
        case AOT -> List.of(new AotEngine(UserKey.ofThisUser()));
        case ALL ->
            List.of(new InterpreterEngine(), new JitEngine(), new AotEngine(UserKey.ofThisUser()));
      };
    }
  }

  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "a folder with .data files")
  @Nullable Path folder;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "all",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Engine engine = Engine.ALL;

  @Option(names = "--json", description = "as JSON, for scripts; schema " + SCHEMA)
  boolean json;

  ConformanceCommand() {}

  @Override
  public Integer call() {
    List<ConformanceCase> cases = ConformanceCase.all(Objects.requireNonNull(folder));
    List<ConformanceEngine> engines = engine.engines();
    List<Verdict> failed = new ArrayList<>();
    int passed = 0;
    try (ProgressLine progress = new ProgressLine(!json)) {
      for (ConformanceCase test : cases) {
        progress.show("%d of %d cases".formatted(cases.indexOf(test), cases.size()));
        for (ConformanceEngine each : engines) {
          Verdict verdict = Verdict.of(test, each);
          if (verdict.passed()) {
            passed++;
          } else {
            failed.add(verdict);
          }
        }
      }
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(json(failed, passed));
    } else {
      for (Verdict v : failed) {
        out.println("%s (%s): %s".formatted(Terminal.clean(v.name()), v.engine(), why(v)));
      }
      out.println("%d passed, %d failed".formatted(passed, failed.size()));
    }
    out.flush();
    return failed.isEmpty() ? 0 : 1;
  }

  private static String why(Verdict verdict) {
    return Terminal.clean(verdict.why().lines().findFirst().orElse(""));
  }

  private static String json(List<Verdict> failed, int passed) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("passed", passed);
    root.put("failed", failed.size());
    ArrayNode failures = root.putArray("failures");
    for (Verdict v : failed) {
      failures.addObject().put("case", v.name()).put("engine", v.engine()).put("reason", v.why());
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
