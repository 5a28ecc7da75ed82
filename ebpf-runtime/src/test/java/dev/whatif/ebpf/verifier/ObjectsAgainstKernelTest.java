package dev.whatif.ebpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.ebpf.object.KernelConfig;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.relocation.CoreRelocator;
import dev.whatif.testing.KernelHeader;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that clang built: our verdict, and that of the kernel on the same ones. */
@Requires({Requirement.ROOT, Requirement.BPF, Requirement.CLANG_14, Requirement.CLANG_19})
class ObjectsAgainstKernelTest {

  /** Sources of the other tests that clang compiles for the running kernel. */
  private static final List<String> OTHERS =
      List.of(
          "isa",
          "maps",
          "maps_run",
          "rings",
          "globals",
          "subprograms",
          "disasm",
          "tour",
          "switches",
          "user_errors",
          "commands",
          "externs",
          "refused",
          "strange_map",
          "absent",
          "program_types");

  /** What the two see differently, and why. */
  private static final Set<String> DIFFERENT = KnownDifferences.PROGRAMS;

  @ParameterizedTest
  @CsvSource({"clang-14,v3", "clang-19,v2", "clang-19,v4"})
  void goodProgramsAreAccepted(String compiler, String version) {
    List<String> verdicts = verdicts(compiled(compiler, version, "verified"));
    assertThat(verdicts).allMatch(v -> v.contains(": both "));
    // compilers may turn an index around so that no verifier of the kernel's kind follows
    assertThat(verdicts).filteredOn(v -> v.endsWith(": both accept")).hasSizeGreaterThan(22);
  }

  @ParameterizedTest
  @CsvSource({"clang-14,v3", "clang-19,v4"})
  void badProgramsAreRefused(String compiler, String version) {
    List<String> verdicts = verdicts(compiled(compiler, version, "unverified"));
    assertThat(verdicts).hasSizeGreaterThan(10).allMatch(v -> v.contains(": both refuse"));
  }

  @Test
  void allOtherProgramsAreJudgedAlike() {
    List<String> verdicts = new ArrayList<>();
    for (String source : OTHERS) {
      verdicts.addAll(verdicts(compiled("clang-19", "v3", source)));
    }
    verdicts.addAll(verdicts(BpfObject.open(Path.of("../samples/src/main/bpf/echo.bpf.o"))));
    verdicts.addAll(verdicts(BpfObject.open(Path.of("../samples/src/main/bpf/syscalls.bpf.o"))));
    assertThat(verdicts)
        .hasSizeGreaterThan(25)
        .allMatch(v -> v.contains(": both") || DIFFERENT.contains(v.substring(0, v.indexOf(':'))));
  }

  static BpfObject compiled(String compiler, String version, String source) {
    return BpfObject.open(
        BpfSource.once(
            compiler,
            BpfSource.file(source),
            Programs.folder("verified").resolve(source + "." + compiler + "." + version + ".bpf.o"),
            "-mcpu=" + version,
            "-D__TARGET_ARCH_x86",
            "-Wno-unknown-attributes",
            "-w",
            "-I" + KernelHeader.folder()));
  }

  /** A line for each program of a type that we know: who accepts it. */
  static List<String> verdicts(BpfObject read) {
    BpfObject object =
        read.needsKernelConfig() ? read.withKernelConfig(KernelConfig.ofRunningKernel()) : read;
    CoreRelocator relocator = new CoreRelocator(object.btf().orElseThrow(), Btf.ofKernel());
    List<String> verdicts = new ArrayList<>();
    for (ProgramDefinition definition : object.programs()) {
      if (!isOurs(definition)) {
        continue;
      }
      String ours;
      try {
        byte[] code = relocator.relocate(definition).code();
        Program program = ObjectPrograms.program(object, definition, code);
        if (program.code().instructions().stream()
            .anyMatch(Instruction.CallKernel.class::isInstance)) {
          continue; // calls functions of the kernel
        }
        ours = VerifierAgainstKernelTest.verdict(program);
      } catch (WhatifException e) {
        ours = String.valueOf(e.getMessage());
      }
      String kernel = kernel(object, definition);
      verdicts.add(
          definition.name()
              + (ours.isEmpty() && kernel.isEmpty()
                  ? ": both accept"
                  : !ours.isEmpty() && !kernel.isEmpty()
                      ? ": both refuse: " + ours
                      : ours.isEmpty()
                          ? ": the kernel refuses: " + kernel
                          : ": we refuse: " + ours));
    }
    return verdicts;
  }

  private static boolean isOurs(ProgramDefinition definition) {
    return switch (definition.kind().type()) {
      case KPROBE, TRACEPOINT, RAW_TRACEPOINT, PERF_EVENT -> true;
      case XDP, SOCKET_FILTER, SCHED_CLS, SYSCALL -> definition.kind().automatic();
      default -> false;
    };
  }

  static String kernel(BpfObject object, ProgramDefinition definition) {
    LoadOptions options =
        LoadOptions.DEFAULT.with(LoadOptions.Relocation.OURS).with(definition.name()::equals);
    try (LoadedObject loaded = KernelLoader.load(object, options)) {
      return loaded.programs().containsKey(definition.name()) ? "" : "not loaded";
    } catch (WhatifException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
