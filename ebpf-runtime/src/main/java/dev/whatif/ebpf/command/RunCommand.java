package dev.whatif.ebpf.command;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.kernel.TestRun;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.runtime.UserSpaceObject;
import dev.whatif.ebpf.runtime.UserSpaceRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code whatif bpf run}: a program on memory of the user's, once or often. */
@Command(
    name = "run",
    description = "Runs a program of a BPF object on given memory, outside of any event.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "What the memory is depends on the program:",
      "  xdp, tc, socket, cgroup_skb, lwt, sk_skb, flow_dissector, netfilter",
      "                 a packet of at least 14 bytes, from its Ethernet header on",
      "  syscall        the context",
      "  raw_tp         the arguments, 8 bytes each",
      "  fentry, fexit  none: the kernel calls its own test functions",
      "Others (tp_btf, tp, kprobe, perf_event...) run at their events only.",
      "",
      "What is printed is the lower half of r0: a test run returns 32 bits. With",
      "--repeat all runs share the memory; the last one's result is printed.",
      "",
      "The other engines need no privilege. They run xdp, syscall and raw_tp programs",
      "and also kprobe, uprobe (the memory is struct pt_regs) and tp (the record),",
      "once whatif's own verifier has accepted them, on maps of their own.",
      "",
      "Exit code: 0; 3 when the engine cannot run such programs, or this user may not;",
      "5 when the program is refused or the memory does not suit it.",
      "",
      "Examples:",
      "  whatif bpf run xdp.bpf.o --mem @packet.bin --repeat 1000",
      "  whatif bpf run answer.bpf.o --program ask --mem 0100000000000000 --json",
      "  whatif bpf run xdp.bpf.o --engine jit --mem @packet.bin --repeat 1000000"
    })
final class RunCommand implements Callable<Integer> {

  static final String SCHEMA = "whatif.bpf.run/1";

  private static final long MOST_MEMORY = 1 << 20;

  /** Where programs run. */
  enum Engine {
    KERNEL,
    INTERPRETER,
    JIT,
    AOT
  }

  @Spec @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "an object of clang -target bpf; aot: a compiled one")
  @Nullable Path file;

  @Option(names = "--program", paramLabel = "NAME", description = "which, if there are several")
  @Nullable String program;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "kernel",
      description = {
        "kernel: bpf(BPF_PROG_TEST_RUN); interpreter, jit:",
        "in this process; aot: the same, with the machine",
        "code of a compiled file (default: ${DEFAULT-VALUE})"
      })
  Engine engine = Engine.KERNEL;

  @Option(names = "--mem", paramLabel = "HEX|@FILE", description = "the memory it runs on")
  String memory = "";

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "so many times in a row; the mean time of one is printed")
  int repeat = 1;

  @Option(names = "--json", description = "print it as JSON, for scripts; schema " + SCHEMA)
  boolean json;

  RunCommand() {}

  @Override
  public Integer call() {
    if (repeat < 1) {
      throw new UsageException("--repeat " + repeat + ": at least once");
    }
    CompiledObject source = CompiledObject.open(Objects.requireNonNull(file));
    ProgramDefinition chosen = chosen(source.object());
    byte[] bytes = memory();
    TestRun run =
        engine == Engine.KERNEL
            ? inKernel(source.object(), chosen, bytes)
            : inUserSpace(source, chosen, bytes);
    // a context that was given in part is filled up with zeroes
    byte[] before = Arrays.copyOf(bytes, Math.max(bytes.length, run.context().length));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(json(chosen, before, run));
    } else {
      new RunText(Terminal.ofStdout(), out).print(chosen, before, repeat, run);
    }
    out.flush();
    return 0;
  }

  private TestRun inKernel(BpfObject object, ProgramDefinition chosen, byte[] bytes) {
    TestInput input = Runnability.input(chosen, bytes, repeat);
    String name = chosen.name();
    try (LoadedObject loaded =
        KernelLoader.load(object, LoadOptions.DEFAULT.with((String n) -> n.equals(name)))) {
      return loaded.program(name).testRun(input);
    }
  }

  private TestRun inUserSpace(CompiledObject source, ProgramDefinition chosen, byte[] bytes) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    Consumer<String> told = line -> err.println(Terminal.clean(line));
    try (UserSpaceObject object = UserSpaceObject.load(source.object(), chosen.name())) {
      UserSpaceRun run =
          switch (engine) {
            case INTERPRETER -> UserSpaceRun.interpreted(object, bytes, repeat, told);
            case AOT ->
                UserSpaceRun.compiled(
                    object, source.code(object.program(), told), bytes, repeat, told);
            case JIT, KERNEL ->
                UserSpaceRun.compiled(object, Jit.compile(object.program()), bytes, repeat, told);
          };
      boolean packet = Runnability.of(chosen.kind()) == Runnability.PACKET;
      byte[] none = {};
      return new TestRun(
          (int) run.r0(),
          packet ? run.memory() : none,
          packet ? none : run.memory(),
          (int) Math.round(run.meanNanos()));
    }
  }

  private ProgramDefinition chosen(BpfObject object) {
    List<ProgramDefinition> all = object.programs();
    if (all.isEmpty()) {
      throw new BadDataException(
          object.name() + ": there is no program in it",
          "compile a source with functions in SEC(\"...\")");
    }
    String wanted = program;
    if (wanted == null && all.size() == 1) {
      return all.getFirst();
    }
    return all.stream()
        .filter(p -> p.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new UsageException(
                wanted == null
                    ? object.name() + " has " + all.size() + " programs"
                    : object.name() + " has no program '" + wanted + "'",
                "say which with --program: "
                    + all.stream()
                        .map(p -> Terminal.clean(p.name() + " (" + p.section() + ")"))
                        .collect(Collectors.joining(", "))));
  }

  private byte[] memory() {
    if (memory.startsWith("@")) {
      return file(memory.substring(1));
    }
    try {
      return HexFormat.of().parseHex(memory.startsWith("0x") ? memory.substring(2) : memory);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--mem " + memory + " is not hexadecimal", "write two digits a byte, or @FILE", e);
    }
  }

  private static byte[] file(String name) {
    try {
      Path path = Path.of(name);
      if (Files.isRegularFile(path) && Files.size(path) > MOST_MEMORY) {
        throw new UsageException(
            "--mem @%s: %,d bytes are more than any program takes"
                .formatted(name, Files.size(path)));
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new UsageException("--mem @" + name + ": there is no such file", null, e);
    } catch (IOException e) {
      throw new UnavailableException("cannot read " + name + ": " + e.getMessage(), null, e);
    }
  }

  private String json(ProgramDefinition chosen, byte[] bytes, TestRun run) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("program", chosen.name());
    root.put("section", chosen.section());
    root.put("engine", engine.name().toLowerCase(Locale.ROOT));
    root.put("r0", Integer.toUnsignedLong(run.returned()));
    root.put("repeat", repeat);
    if (Runnability.of(chosen.kind()) == Runnability.PACKET) {
      root.put("meanNanos", run.meanNanos());
      root.put("dataHex", TypedValue.hex(run.data()));
      root.put("dataChanged", !Arrays.equals(bytes, run.data()));
    } else if (run.context().length > 0) {
      root.put("contextHex", TypedValue.hex(run.context()));
      root.put("contextChanged", !Arrays.equals(bytes, run.context()));
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
