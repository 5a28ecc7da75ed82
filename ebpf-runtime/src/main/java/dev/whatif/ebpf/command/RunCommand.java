package dev.whatif.ebpf.command;

import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.kernel.TestRun;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.object.ProgramType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
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
import tools.jackson.databind.node.ObjectNode;

/** {@code whatif bpf run}: a program on memory of the user's, once or often. */
@Command(
    name = "run",
    description = "Runs a program of a BPF object on given memory, outside of any event.",
    footer = {
      "",
      "The memory is the packet of xdp, tc and socket programs (at least 14 bytes), and the",
      "context of syscall and raw_tp programs. r0 is 32 bits wide here.",
      "",
      "Exit code: 0; 3 when the kernel has no test run for such programs; 5 when it refuses the",
      "program or the memory.",
      "",
      "Examples:",
      "  whatif bpf run xdp.bpf.o --mem @packet.bin --repeat 1000",
      "  whatif bpf run answer.bpf.o --program ask --mem 0100000000000000 --json"
    })
final class RunCommand implements Callable<Integer> {

  static final String SCHEMA = "whatif.bpf.run/1";

  /** Where programs run. */
  enum Engine {
    KERNEL
  }

  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "an object made by clang -target bpf")
  @Nullable Path file;

  @Option(names = "--program", paramLabel = "NAME", description = "which, if there are several")
  @Nullable String program;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "kernel",
      description = "kernel: bpf(BPF_PROG_TEST_RUN) (default: ${DEFAULT-VALUE})")
  Engine engine = Engine.KERNEL;

  @Option(names = "--mem", paramLabel = "HEX|@FILE", description = "the memory it runs on")
  String memory = "";

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "0",
      description = "so many times in a row; the mean time is printed")
  int repeat;

  @Option(names = "--json", description = "print it as JSON, for scripts; schema " + SCHEMA)
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  boolean help;

  RunCommand() {}

  @Override
  public Integer call() {
    BpfObject object = BpfObject.open(Objects.requireNonNull(file));
    String name = chosen(object);
    byte[] bytes = memory();
    try (LoadedObject loaded =
        KernelLoader.load(object, LoadOptions.DEFAULT.with((String n) -> n.equals(name)))) {
      KernelProgram runnable = loaded.program(name);
      print(name, runnable.testRun(input(runnable.type(), bytes)));
    }
    return 0;
  }

  private TestInput input(ProgramType type, byte[] bytes) {
    TestInput input = new TestInput().repeat(repeat);
    return switch (type) {
      case SYSCALL, RAW_TRACEPOINT -> input.context(bytes);
      default -> bytes.length == 0 ? input : input.data(bytes, 0);
    };
  }

  private String chosen(BpfObject object) {
    List<String> names = object.programs().stream().map(ProgramDefinition::name).toList();
    String wanted = program;
    if (wanted == null && names.size() == 1) {
      return names.getFirst();
    }
    if (wanted == null || !names.contains(wanted)) {
      throw new UsageException(
          wanted == null
              ? object.name() + " has " + names.size() + " programs"
              : object.name() + " has no program '" + wanted + "'",
          "say which with --program: " + String.join(", ", names));
    }
    return wanted;
  }

  private byte[] memory() {
    try {
      return memory.startsWith("@")
          ? Files.readAllBytes(Path.of(memory.substring(1)))
          : HexFormat.of().parseHex(memory);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--mem " + memory + " is not hexadecimal", "write two digits a byte, or @FILE");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void print(String name, TestRun run) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      JsonMapper mapper = new JsonMapper();
      ObjectNode root = mapper.createObjectNode();
      root.put("schema", SCHEMA);
      root.put("program", name);
      root.put("engine", "kernel");
      root.put("r0", Integer.toUnsignedLong(run.returned()));
      root.put("meanNanos", run.meanNanos());
      root.put("repeat", Math.max(1, repeat));
      root.put("dataHex", TypedValue.hex(run.data()));
      root.put("contextHex", TypedValue.hex(run.context()));
      out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    } else {
      out.println("r0 = 0x" + Integer.toHexString(run.returned()));
      if (run.data().length > 0) {
        out.println("data: " + TypedValue.hex(run.data()));
      }
      if (run.context().length > 0) {
        out.println("context: " + TypedValue.hex(run.context()));
      }
      if (repeat > 1) {
        out.println("mean time: " + run.meanNanos() + " ns");
      }
    }
    out.flush();
  }
}
