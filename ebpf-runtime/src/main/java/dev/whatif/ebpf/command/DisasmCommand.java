package dev.whatif.ebpf.command;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.object.CodeListing;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whatif bpf disasm}: the code of an object as text. */
@Command(
    name = "disasm",
    mixinStandardHelpOptions = true,
    description = "Shows the code of a BPF object, as it lies in the file.",
    footer = {
      "",
      "Source lines come from .BTF.ext: compile with -g. Behind an instruction stands",
      "what the loader will put into it (a map, a variable, a function), or the name of",
      "the helper that it calls, as the running kernel has it.",
      "",
      "Exit code: 0; 5 when the file is no BPF object or something in it is no",
      "instruction.",
      "",
      "Examples:",
      "  whatif bpf disasm probe.bpf.o",
      "  whatif bpf disasm probe.bpf.o --section tp_btf/sched_switch --raw",
      "  whatif bpf disasm probe.bpf.o --json > probe.json"
    })
final class DisasmCommand implements Callable<Integer> {

  /** How instructions are written. */
  enum Syntax {
    LLVM(Dialect.LLVM),
    CONFORMANCE(Dialect.CONFORMANCE);

    private final Dialect dialect;

    Syntax(Dialect dialect) {
      this.dialect = dialect;
    }
  }

  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "an object made by clang -target bpf")
  @Nullable Path file;

  @Option(
      names = "--syntax",
      paramLabel = "SYNTAX",
      defaultValue = "llvm",
      description = "llvm (as llvm-objdump) or conformance (as uBPF; default: ${DEFAULT-VALUE})")
  Syntax syntax = Syntax.LLVM;

  @Option(names = "--section", paramLabel = "NAME", description = "only this section")
  @Nullable String section;

  @Option(names = "--raw", description = "the bytes of each instruction, too")
  boolean raw;

  @Option(names = "--json", description = "as JSON, for scripts; schema " + DisasmJson.SCHEMA)
  boolean json;

  DisasmCommand() {}

  @Override
  public Integer call() {
    Path path = Objects.requireNonNull(file);
    HelperNames helpers = HelperNames.ofKernel();
    List<SectionRows> sections =
        chosen(path).stream().map(s -> SectionRows.of(s, syntax.dialect, helpers)).toList();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(DisasmJson.of(path.toString(), sections));
    } else {
      DisasmText text = new DisasmText(Terminal.ofStdout(), raw, out);
      sections.forEach(text::print);
    }
    out.flush();
    report(path, sections);
    return 0;
  }

  private List<CodeListing> chosen(Path path) {
    List<CodeListing> all = CodeListing.open(path);
    if (all.isEmpty()) {
      throw new BadDataException(
          path + ": there is no code in it", "compile a source with functions in SEC(\"...\")");
    }
    List<CodeListing> chosen =
        all.stream().filter(s -> section == null || s.section().equals(section)).toList();
    if (chosen.isEmpty()) {
      throw new UsageException(
          path + ": there is no code in a section '" + section + "'",
          "there is in "
              + all.stream()
                  .map(s -> Terminal.clean(s.section()))
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    return chosen;
  }

  private static void report(Path path, List<SectionRows> sections) {
    long bad = sections.stream().mapToLong(s -> s.problems().size()).sum();
    Optional<SectionRows> first =
        sections.stream().filter(s -> !s.problems().isEmpty()).findFirst();
    first.ifPresent(s -> {
      String where = Terminal.clean(s.listing().section());
      String problem = String.valueOf(s.problems().getFirst().problem());
      throw new BadDataException(
          bad == 1
              ? "%s: section %s: %s".formatted(path, where, problem)
              : "%s: %d slots are no instructions, the first in section %s: %s"
                  .formatted(path, bad, where, problem));
    });
  }
}
