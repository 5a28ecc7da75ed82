package dev.whatif.core.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.BINUTILS})
class NeededLibrariesTest {

  @Test
  void areThoseThatReadelfLists() {
    Path program = Programs.compiled("spin.c", "-lm", "-Wl,--no-as-needed");
    List<String> expected =
        Pattern.compile("\\(NEEDED\\).*\\[(.*)]")
            .matcher(Programs.run("readelf", "-d", program.toString()))
            .results()
            .map(r -> r.group(1))
            .toList();
    try (ElfFile file = ElfFile.open(program)) {
      assertThat(NeededLibraries.of(file)).isEqualTo(expected).contains("libc.so.6");
      assertThat(NeededLibraries.loader(file)).contains("/lib64/ld-linux-x86-64.so.2");
    }
  }

  @Test
  void aStaticProgramNeedsNone() {
    try (ElfFile file = ElfFile.open(Programs.compiled("spin.c", "-static"))) {
      assertThat(NeededLibraries.of(file)).isEmpty();
      assertThat(NeededLibraries.loader(file)).isEmpty();
    }
  }
}
