package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommittedObjectTest {

  private static final Path FOLDER = Path.of("src", "main", "bpf");
  private static final String OBJECT = "account.bpf.o";

  @Test
  @Requires({Requirement.CLANG_19, Requirement.LLVM_19})
  void compilingTheSourcesGivesTheCommittedBytes(@TempDir Path elsewhere) {
    Programs.run(FOLDER.resolve("build").toAbsolutePath().toString(), elsewhere.toString());
    assertThat(elsewhere.resolve(OBJECT))
        .as("after a change of its source run schedcoz/src/main/bpf/build")
        .hasSameBinaryContentAs(FOLDER.resolve(OBJECT));
  }

  @Test
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF})
  void theKernelTakesIt() {
    try (Accounting accounting = Accounting.start(AccountingOptions.DEFAULT)) {
      assertThat(accounting.levels().all()).isEmpty();
      assertThat(accounting.unlevelled()).isZero();
      assertThat(accounting.readsContext())
          .isEqualTo(ContextCounters.find(Btf.ofKernel()).isPresent());
    }
  }
}
