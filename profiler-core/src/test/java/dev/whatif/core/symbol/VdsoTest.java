package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VdsoTest {

  @Test
  void functionsOfTheVdsoHaveTheirNames() throws Exception {
    AddressSpace space = AddressSpace.of((int) ProcessHandle.current().pid());
    Mapping vdso =
        space.mappings().stream().filter(m -> m.path().equals("[vdso]")).findFirst().orElseThrow();
    Set<String> names = new HashSet<>();
    try (Symbolizer symbolizer = new Symbolizer(new DebugFiles(List.of(), null))) {
      for (long pc = vdso.start(); pc < vdso.end(); pc += 16) {
        SourceFrame frame = symbolizer.resolve(space, pc, true).getLast();
        assertThat(frame.object()).isEqualTo("[vdso]");
        names.add(frame.function());
      }
    }
    // vdso(7), x86-64
    assertThat(names)
        .contains("__vdso_clock_gettime", "__vdso_gettimeofday", "__vdso_time", "__vdso_getcpu");
  }
}
