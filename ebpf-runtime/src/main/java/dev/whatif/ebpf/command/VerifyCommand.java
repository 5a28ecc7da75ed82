package dev.whatif.ebpf.command;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.runtime.ObjectPrograms;
import dev.whatif.ebpf.verifier.ProgramRefusal;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.Verifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code whatif bpf verify}: whether programs would be let into a process. */
@Command(
    name = "verify",
    description = "Proves that the programs of a BPF object do no harm, or says why not.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The rules are the kernel's, but the kernel is not asked and no privilege is",
      "needed. A program that needs something of the kernel's (its functions or",
      "variables, a kind of program or map that user space does not have) is refused",
      "as well.",
      "",
      "Exit code: 0 when all are accepted; 1 when one is refused; 5 when the file is",
      "no BPF object.",
      "",
      "Examples:",
      "  whatif bpf verify probe.bpf.o",
      "  whatif bpf verify probe.bpf.o --section uprobe --json"
    })
final class VerifyCommand implements Callable<Integer> {

  static final String SCHEMA = "whatif.bpf.verify/1";

  /**
   * What became of a program.
   *
   * @param failure why it is refused; null when it is accepted
   */
  private record Row(ProgramDefinition program, @Nullable RuntimeException failure) {}

  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "an object made by clang -target bpf")
  @Nullable Path file;

  @Option(names = "--section", paramLabel = "NAME", description = "only programs of this section")
  @Nullable String section;

  @Option(names = "--json", description = "as JSON, for scripts; schema " + SCHEMA)
  boolean json;

  VerifyCommand() {}

  @Override
  public Integer call() {
    BpfObject object = BpfObject.open(Objects.requireNonNull(file));
    ObjectPrograms programs = new ObjectPrograms(object);
    List<Row> rows = new ArrayList<>();
    for (ProgramDefinition definition : chosen(object)) {
      rows.add(new Row(definition, failure(programs, definition)));
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(json(rows));
    } else {
      print(rows, out);
    }
    out.flush();
    return rows.stream().allMatch(r -> r.failure() == null) ? 0 : 1;
  }

  private static @Nullable RuntimeException failure(
      ObjectPrograms programs, ProgramDefinition definition) {
    try {
      Verifier.verify(programs.program(definition), RuleSet.KERNEL);
      return null;
    } catch (ProgramRefusal | WhatifException e) {
      return e;
    }
  }

  private List<ProgramDefinition> chosen(BpfObject object) {
    List<ProgramDefinition> all = object.programs();
    if (all.isEmpty()) {
      throw new BadDataException(
          object.name() + ": there is no program in it",
          "compile a source with functions in SEC(\"...\")");
    }
    List<ProgramDefinition> chosen =
        all.stream().filter(p -> section == null || p.section().equals(section)).toList();
    if (chosen.isEmpty()) {
      throw new UsageException(
          object.name() + ": there is no program in a section '" + section + "'",
          "there is in "
              + all.stream()
                  .map(p -> Terminal.clean(p.section()))
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    return chosen;
  }

  private static void print(List<Row> rows, PrintWriter out) {
    for (Row row : rows) {
      String name = Terminal.clean(row.program().name() + " (" + row.program().section() + ")");
      RuntimeException failure = row.failure();
      if (failure == null) {
        out.println("accepted  %s, %d slots".formatted(name, row.program().slots()));
        continue;
      }
      out.println("refused   " + name);
      for (String line : String.valueOf(failure.getMessage()).lines().toList()) {
        out.println("  " + Terminal.clean(line));
      }
      String remedy = remedy(failure);
      if (remedy != null && !remedy.isEmpty()) {
        out.println("  what helps: " + Terminal.clean(remedy));
      }
    }
    long refused = rows.stream().filter(r -> r.failure() != null).count();
    out.println("%d accepted, %d refused".formatted(rows.size() - refused, refused));
  }

  private static @Nullable String remedy(RuntimeException failure) {
    return switch (failure) {
      case ProgramRefusal refusal -> refusal.remedy();
      case WhatifException e -> e.remedy();
      default -> null;
    };
  }

  private static String json(List<Row> rows) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("schema", SCHEMA);
    ArrayNode all = root.putArray("programs");
    for (Row row : rows) {
      ObjectNode node = all.addObject();
      node.put("program", row.program().name());
      node.put("section", row.program().section());
      node.put("accepted", row.failure() == null);
      if (row.failure() instanceof ProgramRefusal refusal) {
        node.put("reason", refusal.reason());
        node.put("slot", refusal.slot());
        node.put("instruction", refusal.instruction());
        refusal
            .source()
            .ifPresent(l -> node.put("source", l.file() + ":" + l.line() + ": " + l.text()));
        ArrayNode registers = node.putArray("registers");
        refusal.registers().forEach(registers::add);
      } else if (row.failure() != null) {
        node.put("reason", row.failure().getMessage());
      }
      if (row.failure() != null) {
        node.put("remedy", remedy(row.failure()));
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
