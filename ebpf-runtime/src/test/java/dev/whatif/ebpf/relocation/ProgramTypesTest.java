package dev.whatif.ebpf.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.kernel.TestRun;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A program of each type, loaded by us and by libbpf: the kernel has the same instructions in both
 * cases, and running them gives the same.
 */
@Requires({
  Requirement.ROOT,
  Requirement.BPF,
  Requirement.GCC,
  Requirement.LIBBPF,
  Requirement.CLANG_14,
  Requirement.CLANG_19,
  Requirement.KERNEL_BTF
})
class ProgramTypesTest {

  private static final byte[] DATA = new byte[64];
  private static final byte[] CONTEXT = new byte[16];

  static {
    for (int i = 0; i < DATA.length; i++) {
      DATA[i] = (byte) i;
    }
    System.arraycopy(DATA, 0, CONTEXT, 0, CONTEXT.length);
  }

  @ParameterizedTest
  @EnumSource
  void theKernelTakesAndRunsTheSame(Clang compiler) {
    Path file = compiler.object("program_types");
    Map<String, String> theirs = libbpf(file);
    BpfObject object = BpfObject.open(file);
    CoreRelocator relocator = new CoreRelocator(object.btf().orElseThrow(), Btf.ofKernel());
    int loaded = 0;
    int run = 0;
    try (TestLoader loader = new TestLoader(object)) {
      for (ProgramDefinition program : object.programs()) {
        String name = program.name();
        RelocatedProgram ours = relocator.relocate(program);
        if (theirs.containsKey("refused " + name)) {
          assertThatThrownBy(() -> loader.relocatedByUs(program, ours))
              .as(name)
              .isInstanceOf(WhatifException.class);
          continue;
        }
        try (KernelProgram kernel = loader.relocatedByUs(program, ours)) {
          assertThat(told(kernel)).as(name).isEqualTo(theirs.get("program " + name));
          loaded++;
          String result = theirs.get("run " + name);
          if (result != null) {
            assertThat(run(kernel)).as(name).isEqualTo(result);
            run++;
          }
        }
      }
    }
    assertThat(loaded).isGreaterThanOrEqualTo(10);
    assertThat(run).isGreaterThanOrEqualTo(5);
  }

  private static String told(KernelProgram program) {
    return "%d %s %d %s"
        .formatted(
            program.type().number(),
            program.info().tag(),
            program.info().verifiedInstructions(),
            HexFormat.of().formatHex(program.xlated()));
  }

  private static String run(KernelProgram program) {
    return switch (program.type()) {
      case SYSCALL, RAW_TRACEPOINT -> {
        TestRun run = program.testRun(new TestInput().context(CONTEXT));
        byte[] left = run.context().length == 0 ? CONTEXT : run.context();
        yield run.returned() + " " + HexFormat.of().formatHex(left);
      }
      default -> {
        TestRun run = program.testRun(new TestInput().data(DATA, 0));
        yield run.returned() + " " + HexFormat.of().formatHex(run.data());
      }
    };
  }

  /** By the first two words of what libbpf_loaded.c says, the rest of the line. */
  private static Map<String, String> libbpf(Path object) {
    String oracle = Programs.compiled("libbpf_loaded.c", "-O1", "-Wall", "-lbpf").toString();
    Map<String, String> said = new HashMap<>();
    for (String line : Programs.run(oracle, object.toString()).lines().toList()) {
      String[] words = line.split(" ", 3);
      said.put(words[0] + " " + words[1], words.length < 3 ? "" : words[2]);
    }
    return said;
  }
}
