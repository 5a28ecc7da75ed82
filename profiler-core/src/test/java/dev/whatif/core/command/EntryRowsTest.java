package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.capability.Capability;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryRowsTest {

  private static final Capability SIGNAL = Capability.ok("free signal", "63", "causal");
  private static final Capability MEMORY =
      Capability.ok("executable memory", "0", "entering").with("ownPidNamespace", false);
  private static final Capability FILES = Capability.ok("its open files", "3 of 9", "entering");
  private static final Capability FULL =
      Capability.degraded("its open files", "9 of 9", null, "entering");
  private static final Capability VDSO = Capability.ok("vdso", "mapped", "entering");

  @Test
  void whatIsGoodIsOneRow() {
    List<Capability> folded = EntryRows.folded(List.of(SIGNAL, MEMORY, FILES, VDSO));
    assertThat(folded).hasSize(2).startsWith(SIGNAL);
    assertThat(folded.getLast().name()).isEqualTo("room to enter");
    assertThat(folded.getLast().finding()).startsWith("executable memory, open files, vdso");
  }

  @Test
  void whatIsNotStaysARow() {
    assertThat(EntryRows.folded(List.of(SIGNAL, MEMORY, FULL, VDSO)))
        .extracting(Capability::name)
        .containsExactly("free signal", "room to enter", "its open files");
    assertThat(EntryRows.folded(List.of(SIGNAL, FULL, VDSO))).containsExactly(SIGNAL, FULL, VDSO);
    Capability inside = MEMORY.with("ownPidNamespace", true);
    assertThat(EntryRows.folded(List.of(inside, FILES, VDSO))).startsWith(inside).hasSize(2);
  }
}
