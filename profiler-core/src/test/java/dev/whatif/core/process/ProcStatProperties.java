package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class ProcStatProperties {

  @Property
  void anyNameIsReadBack(
      @ForAll @IntRange(min = 1) int pid, @ForAll @StringLength(max = 15) String name) {
    assertThat(ProcStat.parse(pid + " (" + name + ") S 17 4 4 0"))
        .isEqualTo(Optional.of(new ProcStat(pid, name, 'S', 17)));
  }

  @Property
  void noTextIsAnError(@ForAll String text) {
    ProcStat.parse(text);
  }

  @Example
  void thisProcessHasAParent() {
    int self = (int) ProcessHandle.current().pid();
    int parent = (int) ProcessHandle.current().parent().orElseThrow().pid();
    assertThat(ProcStat.of(self).orElseThrow().parent()).isEqualTo(parent);
    assertThat(ProcTasks.tree(parent)).contains(self);
    assertThat(ProcTasks.threads(self)).contains(self).hasSizeGreaterThan(3);
  }
}
