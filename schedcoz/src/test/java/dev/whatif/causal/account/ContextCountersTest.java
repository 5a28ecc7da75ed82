package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whoever reads the kernel's memory by a distance must notice when it is the wrong one. */
@Requires({Requirement.ROOT, Requirement.KERNEL_BTF})
class ContextCountersTest {

  private static final AccountingOptions OPTIONS = AccountingOptions.DEFAULT.withPeriod(300_000);

  @Test
  void theRightOnesAreBelieved() {
    Optional<ContextCounters> found = ContextCounters.find(Btf.ofKernel());
    assertThat(found).as("this kernel's").isPresent();
    try (Accounting accounting = Accounting.start(OPTIONS, found)) {
      assertThat(accounting.misreads()).isFalse();
    }
  }

  /** A small number says that no interrupt is being handled, in a tick's own program. */
  @Test
  void wrongOnesAreNot() {
    long small = ContextCounters.offset(Btf.ofKernel(), "rq", "nr_running").orElseThrow();
    try (Accounting accounting =
        Accounting.start(OPTIONS, Optional.of(new ContextCounters(small, small)))) {
      assertThat(accounting.misreads()).isTrue();
    }
  }

  @Test
  void aKernelWithoutThemIsFollowed() {
    try (Accounting accounting = Accounting.start(OPTIONS.withoutReadingContext())) {
      assertThat(accounting.readsContext()).isFalse();
    }
  }
}
