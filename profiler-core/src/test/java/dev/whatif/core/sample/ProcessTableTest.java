package dev.whatif.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.process.Mapping;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTableTest {

  private static final Mapping APP = new Mapping(0x1000, 0x2000, 0, "/bin/app", "fe:00", 7, true);
  private static final Mapping LIB = new Mapping(0x5000, 0x6000, 0, "/lib/l.so", "fe:00", 8, true);

  private final ProcessTable table = new ProcessTable();

  @Test
  void aChildHasItsParentsCodeUntilOneOfThemMapsMore() {
    table.apply(new ProcessChange.Appeared(10, "app", List.of(APP), List.of()));
    table.apply(new ProcessChange.Forked(11, 10));
    assertThat(table.process(11).layout()).isEqualTo(table.process(10).layout());
    assertThat(table.process(11).space().find(0x1800)).isEqualTo(APP);
    table.apply(new ProcessChange.Mapped(11, LIB));
    assertThat(table.process(11).layout()).isNotEqualTo(table.process(10).layout());
    assertThat(table.process(10).space().find(0x5800)).isNull();
  }

  @Test
  void anotherProgramForgetsTheFirst() {
    table.apply(
        new ProcessChange.Appeared(
            10, "app", List.of(APP), List.of(new ProcessChange.Named(10, 12, "worker"))));
    assertThat(table.process(10).threadName(12)).isEqualTo("worker");
    table.apply(new ProcessChange.Executed(10, "other"));
    assertThat(table.process(10).space().mappings()).isEmpty();
    assertThat(table.process(10).name()).isEqualTo("other");
    assertThat(table.process(10).threadName(12)).isEqualTo("other");
  }

  @Test
  void aTargetThatForksForEverDoesNotFillTheMemory() {
    table.apply(new ProcessChange.Appeared(1, "app", List.of(APP), List.of()));
    for (int pid = 2; pid < 5000; pid++) {
      table.apply(new ProcessChange.Forked(pid, 1));
      table.apply(new ProcessChange.Exited(pid, pid));
    }
    assertThat(table.size()).isLessThan(300);
    assertThat(table.process(4999).space().find(0x1800))
        .as("the last samples come late")
        .isNotNull();
  }
}
