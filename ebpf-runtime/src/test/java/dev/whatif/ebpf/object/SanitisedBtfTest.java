package dev.whatif.ebpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.kernel.KernelBtf;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requires({
  Requirement.ROOT,
  Requirement.CLANG_14,
  Requirement.CLANG_19,
  Requirement.LIBBPF,
  Requirement.KERNEL_BTF
})
class SanitisedBtfTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subprograms",
        "maps",
        "globals",
        "externs",
        "kernel_variable",
        "struct_ops",
        "types"
      })
  void theKernelTakesTheFinishedTypes(String source) {
    for (String compiler : BpfSource.COMPILERS) {
      BpfObject object = BpfObject.open(BpfSource.compiled(compiler, source));
      try (KernelBtf loaded = KernelBtf.load(object.name(), object.sanitisedBtf())) {
        assertThat(loaded.id()).isPositive();
      }
    }
  }
}
