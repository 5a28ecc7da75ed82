package dev.whatif.ebpf.relocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same object relocated by us and by the running kernel: the verifier sees the same code. */
@Requires({
  Requirement.ROOT,
  Requirement.BPF,
  Requirement.CLANG_14,
  Requirement.CLANG_19,
  Requirement.KERNEL_BTF
})
class AgainstKernelTest {

  @ParameterizedTest
  @EnumSource
  void everyKindPresentAndMissing(Clang compiler) {
    assertThat(compare(compiler.object("kernel_kinds"))).isGreaterThan(60);
  }

  /** Debian's libbpf 1.1 does it otherwise. */
  @ParameterizedTest
  @EnumSource
  void whatTheKernelDoesSinceLibbpfDidItOtherwise(Clang compiler) {
    assertThat(compare(compiler.object("newer"))).isPositive();
  }

  @Test
  @Requires({Requirement.GCC, Requirement.LIBBPF})
  void typesDrawnFromTheKernel() {
    compareDrawn(7);
  }

  @Test
  @Tag("long")
  @Requires({Requirement.GCC, Requirement.LIBBPF})
  void manyTypesDrawnFromTheKernel() {
    for (int seed = 100; seed < 130; seed++) {
      compareDrawn(seed);
    }
  }

  private static void compareDrawn(int seed) {
    String text = new KernelQuestions(Btf.ofKernel(), seed).text(25, 8);
    Path file = Clang.CLANG_19.object("drawn", text);
    Libbpf theirs = Libbpf.relocate(file);
    assertThat(theirs.refused()).as("seed %d: %s", seed, theirs.said()).isFalse();
    BpfObject object = BpfObject.open(file);
    CoreRelocator relocator = new CoreRelocator(object.btf().orElseThrow(), Btf.ofKernel());
    for (ProgramDefinition program : object.programs()) {
      assertThat(relocator.relocate(program).code())
          .as("seed %d, %s", seed, program.name())
          .isEqualTo(theirs.programs().get(program.name()));
    }
    assertThat(compare(file)).isGreaterThan(300);
  }

  /** Loads every program in both ways; returns the number of relocations compared. */
  private static int compare(Path file) {
    BpfObject object = BpfObject.open(file);
    CoreRelocator relocator = new CoreRelocator(object.btf().orElseThrow(), Btf.ofKernel());
    int compared = 0;
    try (TestLoader loader = new TestLoader(object)) {
      for (ProgramDefinition program : object.programs()) {
        RelocatedProgram ours = relocator.relocate(program);
        try (KernelProgram relocated = loader.relocatedByUs(program, ours);
            KernelProgram theirs = loader.relocatedByTheKernel(program)) {
          assertThat(relocated.xlated())
              .as("%s, with %s", program.name(), ours.results())
              .isEqualTo(theirs.xlated());
        }
        compared += ours.results().size();
      }
    }
    return compared;
  }
}
