package dev.whatif.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.capability.Capability;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LibraryRowsTest {

  private static Capability library(String name, String symbols, String lines) {
    return Capability.ok(name, "found", "names")
        .with("role", "library")
        .with("symbols", symbols)
        .with("lines", lines);
  }

  @Test
  void goodLibrariesBecomeOneRowAndTheOthersStay() {
    Capability program = Capability.ok("app", "found", "names").with("role", "program");
    Capability bad = Capability.degraded("libbad.so", "no unwind tables", null, "names");
    List<Capability> rows = new ArrayList<>(List.of(program, bad.with("role", "library")));
    rows.add(library("libc.so.6", ".symtab", "/usr/lib/debug/x.debug"));
    for (int i = 0; i < 9; i++) {
      rows.add(library("lib" + i + ".so", ".dynsym", ""));
    }
    List<Capability> folded = LibraryRows.folded(rows);
    assertThat(folded)
        .extracting(Capability::name)
        .containsExactly("app", "libbad.so", "libraries");
    assertThat(folded.getLast().finding())
        .isEqualTo(
            "10 others: unwind tables for all, functions for 1, lines for 1; without lines:"
                + " lib0.so, lib1.so, lib2.so, lib3.so, lib4.so, lib5.so and 3 more (all:"
                + " --verbose)");
  }

  @Test
  void aFewAreShownAsTheyAre() {
    List<Capability> rows = List.of(library("a.so", ".symtab", ""), library("b.so", "", ""));
    assertThat(LibraryRows.folded(rows)).isEqualTo(rows);
  }
}
